"""A small law with every word the advice layer reads, for its tests.

Goes in: nothing. Comes out: a vocabulary, two regimes and an adviser. Must not know: the real law.

The school may share ordinary items with the gemeente on N-1: 12 to 27, enrolled or within a term after
leaving, not qualified, agreed. On T-1 anything goes with consent of the right person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from app.advice.advisor import Advisor
from app.advice.law.law import Law
from app.advice.question.casus import Casus
from app.engine.compiled import CompiledEngine
from app.engine.model import Decider
from app.lang.diagnostics import Diagnostics, render
from app.lang.program import SourceText, check
from app.lang.vocabulary import Vocabulary
from app.lang.vocabulary_reader import read_vocabulary

CHANGE = 20260101
TODAY = 20260301


def _choice(**labels: str) -> dict[str, Any]:
    return {"soort": "keuze", "omschrijving": "Een keuze.", "waarden": labels}


DOMAINS: Mapping[str, Any] = {
    "casus": {"soort": "entiteit", "omschrijving": "De vraag."},
    "deling": {"soort": "entiteit", "omschrijving": "Een deling."},
    "toestemming": {"soort": "entiteit", "omschrijving": "Een toestemming."},
    "ja_nee": _choice(ja="ja", nee="nee"),
    "datum": {"soort": "datum", "omschrijving": "Een datum."},
    "leeftijd": {"soort": "getal", "omschrijving": "Jaren.", "minimum": 0, "maximum": 120},
    "stapnummer": {"soort": "getal", "omschrijving": "Stap.", "minimum": 1, "maximum": 4},
    "partij": _choice(school="de school", tussen="het tussenpunt", gemeente="de gemeente"),
    "gegeven": _choice(naam="de naam", cijfers="de cijfers", ziekte="de ziekte"),
    "doel": _choice(hulp="hulp"),
    "opleiding": _choice(kort="de korte opleiding", lang="de lange opleiding", hoog="de hoge opleiding"),
    "noodzaak": _choice(noodzakelijk="noodzakelijk", handig="handig"),
    "wie": _choice(jongere="de jongere", ouder="de ouder"),
    "grondslag": _choice(algemeen_belang="een taak van algemeen belang", toestemming="toestemming"),
    "avg_grond": _choice(e="artikel 6, eerste lid, onder e", a="artikel 6, eerste lid, onder a"),
    "oordeel": _choice(
        toegestaan="toegestaan", onder_voorwaarden="onder voorwaarden",
        alleen_met_toestemming="alleen met toestemming", niet_toegestaan="niet toegestaan",
    ),
    "verplichting": _choice(vastleggen="leg het vast"),
    "kanttekening": _choice(**{"I-1": "de grens"}),
    "route": _choice(tussen="via het tussenpunt"),
    "aanbod": _choice(verplicht="verplicht", geen="geen"),
    "rol": _choice(actief="actief", geen="geen"),
    "taak": _choice(melden="melden"),
    "aard": _choice(verplicht="verplicht"),
    "strijdigheid": _choice(diploma="jongere.startkwalificatie, jongere.diploma"),
}  # fmt: skip


def _predicate(arguments: str, kind: str, **more: Any) -> dict[str, Any]:
    places = [part.strip() for part in arguments.split(",")]
    words = {"zin": "het is zo", "ontkend": "het is niet zo"} if "zinnen" not in more else {}
    return {"argumenten": places, "soort": kind, **words, **more}


def _said(what: str, **more: Any) -> dict[str, Any]:
    return _predicate(
        "Casus casus, Waarde ja_nee", "invoer", open=True, enkelvoudig=True,
        zinnen={"ja": f"er is {what}", "nee": f"er is geen {what}"}, **more,
    )  # fmt: skip


PREDICATES: Mapping[str, Any] = {
    "peildatum": _predicate("Casus casus, Datum datum", "invoer", enkelvoudig=True, klok="peildatum")
    | {"zin": "de vraag gaat over {Datum}"},
    "leeftijd": _predicate("Casus casus, Jaren leeftijd", "invoer", open=True, enkelvoudig=True, klok="leeftijd")
    | {"zin": "de jongere is {Jaren} jaar", "onbekend": "hoe oud de jongere is"},
    "geboortedatum": _predicate("Casus casus, Datum datum", "invoer", enkelvoudig=True, klok="geboortedatum")
    | {"zin": "de jongere is geboren op {Datum}"},
    "startkwalificatie": _said("startkwalificatie"),
    "opleiding": _predicate("Casus casus, Opleiding opleiding", "invoer", open=True, enkelvoudig=True)
    | {"zin": "de opleiding is {Opleiding}", "onbekend": "welke opleiding het is"},
    "ingeschreven": _said("inschrijving"),
    "diploma": _said("diploma"),
    "uitstroom": _predicate("Casus casus, Datum datum", "invoer", open=True, enkelvoudig=True)
    | {"zin": "de jongere vertrok op {Datum}", "onbekend": "wanneer de jongere vertrok"},
    "akkoord": _said("akkoord"),
    "inhoud": _predicate("Casus casus, Gegeven gegeven", "invoer", open=True)
    | {"zin": "in het document staat {Gegeven}", "ontkend": "in het document staat niet {Gegeven}"},
    "mandaat": _predicate("Casus casus, Van partij, Aan partij", "invoer", open=True),
    "deling": _predicate(
        "Casus casus, Deling deling, Verstrekker partij, Ontvanger partij, Gegeven gegeven, Doel doel", "invoer"
    ),
    "noodzaak": _predicate("Deling deling, Noodzaak noodzaak", "invoer", open=True, enkelvoudig=True)
    | {"zin": "het gegeven is {Noodzaak}"},
    "consent": _predicate(
        "Casus casus, Toestemming toestemming, Verstrekker partij, Ontvanger partij, Gegeven gegeven, Doel doel",
        "invoer",
    ),
    "gegeven_ja": _predicate("Toestemming toestemming, Waarde ja_nee", "invoer", open=True, enkelvoudig=True)
    | {"zin": "de toestemming is gegeven", "ontkend": "de toestemming is geweigerd"},
    "door": _predicate("Toestemming toestemming, Persoon wie", "invoer", open=True, enkelvoudig=True),
    "nieuwe": _predicate("Deling deling, Persoon wie", "invoer", open=True, enkelvoudig=True),
    "grondslag": _predicate("Norm norm, Grondslag grondslag", "tabel"),
    "avg": _predicate("Grondslag grondslag, Plaats avg_grond", "tabel"),
    "gewoon": _predicate("Gegeven gegeven", "tabel"),
    "termijn": _predicate("Opleiding opleiding, Jaren leeftijd", "tabel")
    | {"zin": "de termijn na {Opleiding} is {Jaren} jaar", "onbekend": "hoe lang de termijn is"},
    "bij": _predicate("Deling deling, Casus casus", "afgeleid"),
    "binnen": _predicate("Casus casus", "afgeleid")
    | {"zin": "de termijn loopt nog", "ontkend": "de termijn is voorbij"},
    "klaar": _predicate("Casus casus", "afgeleid")
    | {"zin": "de jongere is klaar", "ontkend": "de jongere is niet klaar"},
    "vastgelegd": _predicate("Deling deling", "afgeleid"),
    "persoon": _predicate("Casus casus, Persoon wie", "afgeleid"),
    "geldig": _predicate("Deling deling", "afgeleid")
    | {"zin": "er is geldige toestemming", "ontkend": "er is geen geldige toestemming"},
    "gevoelig": _predicate("Casus casus", "afgeleid"),
    "kan": _predicate("Deling deling", "afgeleid", tweewaardig=True),
    "zonder": _predicate("Deling deling", "afgeleid", tweewaardig=True),
    "mag_zeker": _predicate("Deling deling", "afgeleid", tweewaardig=True),
    "regelt": _predicate("Norm norm, V partij, O partij, G gegeven, D doel", "uitkomst"),
    "betreft": _predicate("Deling deling, Norm norm", "uitkomst"),
    "stap": _predicate("Deling deling, Norm norm, Stap stapnummer", "uitkomst"),
    "mag": _predicate("Deling deling, Norm norm", "uitkomst"),
    "oordeel": _predicate("Deling deling, Oordeel oordeel", "uitkomst", tweewaardig=True),
    "verplichting": _predicate("Deling deling, Verplichting verplichting", "uitkomst", tweewaardig=True),
    "alternatief_gegeven": _predicate("Deling deling, Gegeven gegeven", "uitkomst", tweewaardig=True),
    "alternatief_route": _predicate("Deling deling, Route route", "uitkomst", tweewaardig=True),
    "omweg": _predicate("V partij, O partij, G gegeven, D doel, Via partij", "uitkomst"),
    "kanttekening": _predicate("Deling deling, Kanttekening kanttekening", "uitkomst", tweewaardig=True),
    "voortijdig_schoolverlater": _predicate("Casus casus", "uitkomst"),
    "loopbaanbegeleiding_aanbod": _predicate("Casus casus, Aanbod aanbod", "uitkomst", tweewaardig=True),
    "loopbaanbegeleiding_tot": _predicate("Casus casus, Datum datum", "uitkomst", tweewaardig=True),
    "rol_doorstroompunt": _predicate("Casus casus, Rol rol", "uitkomst", kanten=["zeker"]),
    "taak": _predicate("Casus casus, Partij partij, Taak taak, Aard aard", "uitkomst", kanten=["zeker"]),
    "taak_tot": _predicate("Casus casus, Taak taak, Datum datum", "uitkomst", tweewaardig=True),
    "strijdig": _predicate("Casus casus, Strijdigheid strijdigheid", "uitkomst", kanten=["zeker"]),
}


def _field(domain: str, predicate: str | None = None, **more: Any) -> dict[str, Any]:
    named = {} if predicate is None else {"predicaat": predicate}
    asked = {} if more.get("verplicht") or predicate is None else {"vraag": f"Wat is {predicate}?"}
    return {"domein": domain, "omschrijving": "Een veld.", **named, **asked, **more}


FIELDS: Mapping[str, Any] = {
    "peildatum": _field("datum", "peildatum"),
    "jongere.leeftijd": _field("leeftijd", "leeftijd"),
    "jongere.geboortedatum": _field("datum", "geboortedatum"),
    "jongere.startkwalificatie": _field("ja_nee", "startkwalificatie"),
    "jongere.opleiding": _field("opleiding", "opleiding"),
    "jongere.ingeschreven": _field("ja_nee", "ingeschreven"),
    "jongere.diploma": _field("ja_nee", "diploma"),
    "jongere.uitstroom": _field("datum", "uitstroom"),
    "jongere.akkoord": _field("ja_nee", "akkoord", handeling=True),
    "document.inhoud[]": _field("gegeven", "inhoud", argumenten=["casus", "zelf"]),
    "mandaten[]": _field("lijst", "mandaat", argumenten=["casus", "van", "aan"], handeling=True),
    "mandaten[].van": _field("partij", verplicht=True),
    "mandaten[].aan": _field("partij", verplicht=True),
    "delingen[]": _field(
        "lijst", "deling", argumenten=["casus", "zelf", "verstrekker", "ontvanger", "gegevens[]", "doel"]
    ),
    "delingen[].verstrekker": _field("partij", verplicht=True),
    "delingen[].ontvanger": _field("partij", verplicht=True),
    "delingen[].gegevens[]": _field("gegeven", verplicht=True),
    "delingen[].doel": _field("doel", verplicht=True),
    "delingen[].afweging.gegevens{}": _field("noodzaak", "noodzaak", handeling=True),
    "toestemmingen": _field("wie", "nieuwe", handeling=True),
    "toestemmingen[]": _field(
        "lijst", "consent", argumenten=["casus", "zelf", "verstrekker", "ontvanger", "gegevens[]", "doel"]
    ),
    "toestemmingen[].verstrekker": _field("partij", verplicht=True),
    "toestemmingen[].ontvanger": _field("partij", verplicht=True),
    "toestemmingen[].gegevens[]": _field("gegeven", verplicht=True),
    "toestemmingen[].doel": _field("doel", verplicht=True),
    "toestemmingen[].gegeven": _field("ja_nee", "gegeven_ja", handeling=True),
    "toestemmingen[].door": _field("wie", "door"),
}


@cache
def small_vocabulary() -> Vocabulary:
    """The words of the small law."""
    found = read_vocabulary(
        {
            "domeinen": DOMAINS,
            "predicaten": PREDICATES,
            "casus": FIELDS,
            "normen": {code: {"titel": f"Norm {code}"} for code in ("N-1", "N-2", "T-1", "DEF", "OORDEEL")},
            "bronnen": {"WEB": {"titel": "Een wet", "bwb": "BWBR0007625"}, "SD": {"titel": "Het document"}},
            "interpretaties": {"I-1": {"tekst": "Een keuze."}},
        }
    )
    if isinstance(found, Diagnostics):
        raise ValueError(render(found, []))
    return found


LAW = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
"""A comment line gives the norm and the explanation of the rule below it."""

OLD = LAW.replace("(Jaren < 27)", "(Jaren < 23)")


def _source(text: str, start: int | None, until: int | None) -> SourceText:
    lines: list[str] = []
    for line in text.strip().splitlines():
        norm, colon, uitleg = line.removeprefix("# ").partition(": ")
        if line.startswith("# ") and colon:
            code, more = ("OORDEEL", f"\n# interpretatie: {norm}") if norm == "I-1" else (norm, "")
            lines += ["", f"# norm: {code}", "# bron: WEB 9.2.12 lid 3; SD §1.1", f"# uitleg: {uitleg}{more}"]
        else:
            lines.append(line)
    return SourceText("klein.dl", "\n".join(lines) + "\n", start, until)


@dataclass
class SmallBook:
    """Two regimes: until `CHANGE` the age limit is 23, from that day 27."""

    version: str = "klein"
    deciders: dict[bool, Decider] = field(default_factory=dict)

    def on(self, date: int) -> Decider:
        """The decider of a day."""
        new = date >= CHANGE
        if new not in self.deciders:
            source = _source(LAW, CHANGE, None) if new else _source(OLD, None, CHANGE)
            program = check([source], small_vocabulary(), whole=False)
            if isinstance(program, Diagnostics):
                raise ValueError(render(program, [source]))
            self.deciders[new] = CompiledEngine().prepare(program)
        return self.deciders[new]

    def next_change(self, date: int) -> int | None:
        """The one change there is."""
        return CHANGE if date < CHANGE else None


@cache
def small_advisor() -> Advisor:
    """The adviser of the small law."""
    return Advisor(SmallBook())


def small_law() -> Law:
    """The law of today as the advice layer reads it."""
    return small_advisor().law_on(TODAY)


def deling(gegeven: str = "naam", weighed: bool = True, **more: Any) -> dict[str, Any]:
    """A flow from the school to the gemeente, weighed as necessary."""
    afweging = {"afweging": {"gegevens": {gegeven: "noodzakelijk"}}} if weighed else {}
    flow = {"verstrekker": "school", "ontvanger": "gemeente", "gegevens": [gegeven], "doel": "hulp"}
    return {**flow, **afweging, **more}


def casus(day: int = TODAY, *delingen: dict[str, Any], jongere: dict[str, Any] | None = None, **more: Any) -> Casus:
    """A question about these flows; without any, about the one from school to gemeente."""
    return Casus(None, day, {"jongere": jongere or {}, "delingen": list(delingen) or [deling()], **more})
