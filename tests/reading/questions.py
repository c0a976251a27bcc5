"""Random questions at the borders of the norms, for Hypothesis: many of them permitted, or nearly so.

Goes in: the rows of §5 and the questions of the scenarios; per norm the flows it speaks of and someone it suits.
Comes out: questions as JSON, a few of their facts changed.
Must not know: any rule in policies/.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from types import MappingProxyType
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.reading import words as w
from tests.reading.cases import consent, rows
from tests.reading.situation import Json
from tests.reading.words import DP, DUO, INKOMEN, LP, SCHOOL, WI

Data = dict[str, Any]

PARTIES = sorted(w.OVERHEID | w.ZORG | {SCHOOL, w.ANDERE_SCHOOL, w.WERKGEVER, w.OUDERS, w.JONGERE})
ITEMS = sorted(w.GEWOON | w.GEVOELIG | {w.BSN, w.ANONIEM})
DOELEN = sorted(
    w.KETEN
    | {w.OVERSTAP, w.STUDIEFINANCIERING, w.BIJSTAND, w.VEILIGHEID, w.NOOD, w.OVEREENKOMST, w.INZAGE}
    | {"beoordelen_arbeidsvermogen", "behoud_van_werk"}
)
OPLEIDINGEN = sorted(w.MBO | w.VSO | {"vo", "pro", "vavo", "hbo", "wo", "buitenlands", "geen"})
DAYS = (
    "2024-02-29",
    "2025-10-01",
    "2025-12-31",
    "2026-01-01",
    "2026-03-01",
    "2026-03-01",
    "2026-09-15",
    "2026-07-31",
    "2026-08-01",
    "2027-02-28",
    "2028-02-29",
    "2028-03-01",
)

Scope = tuple[Sequence[str], Sequence[str], Sequence[str], Sequence[str]]
"""From whom, to whom, which items, which purposes."""


class Subject(NamedTuple):
    """Flows that some norms speak of, people whom they suit, and the rest of such a question."""

    scopes: Sequence[Scope]
    people: Sequence[Json]
    around: Json = MappingProxyType({})
    asserted: Sequence[str] = ()


TRIO = (SCHOOL, DP, WI)
ORDINARY = tuple(sorted(w.GEWOON))
SENSITIVE = (*sorted(w.GEVOELIG), w.DOCUMENT)
ANYTHING = (*ITEMS, w.DOCUMENT)
EXCHANGED = (*sorted(w.UITWISSELBAAR), *sorted(w.ONDERZOEK), INKOMEN, w.BSN)
ENROLLED = (*sorted(w.CONTACT_EN_INSCHRIJVING), "diplomagegevens", w.BSN)
ABSENCE = ("verzuimgegevens", w.BSN)
DOCUMENT = (w.DOCUMENT, w.DOCUMENT, "stagegegevens", "ondersteuningsbehoefte", "contactgegevens")
WORK = (w.ALB, w.NAAR_WERK)

USES_ALB = {
    "leeftijd": 18,
    "opleiding": "mbo_2_bol",
    "ingeschreven": True,
    "startkwalificatie": False,
    "gebruik_aanvullende_loopbaanbegeleiding": True,
    "stemt_in_met_begeleiding_gemeente": True,
    "instemming_ouders": True,
}
LEFT = {
    "leeftijd": 19,
    "opleiding": "mbo_entree",
    "ingeschreven": False,
    "startkwalificatie": False,
    "diploma_behaald": False,
    "gebruik_aanvullende_loopbaanbegeleiding": False,
    "stemt_in_met_begeleiding_gemeente": True,
    "begeleid_door_doorstroompunt": True,
    "wil_ondersteuning_doorstroompunt": True,
}
NO_QUALIFICATION = {"startkwalificatie": False, "ingeschreven": True}
OF_ALB = (
    USES_ALB,
    {**USES_ALB, "opleiding": "pro", "leeftijd": 17},
    {**USES_ALB, "opleiding": "vso_arbeid", "vertegenwoordigd": True},
    {**USES_ALB, "opleiding": "mbo_4_bol", "aanbod_aanvullende_loopbaanbegeleiding": True},
)
PUPILS = tuple(
    {**NO_QUALIFICATION, "leeftijd": age, "opleiding": one, "verwijderd": True, "gaat_naar_mbo": True}
    for age, one in ((15, "vo"), (16, "vso_arbeid"), (17, "pro"), (17, "mbo_entree"), (19, "vso_vervolgonderwijs"))
)
OLDER = tuple(
    {**NO_QUALIFICATION, "leeftijd": 19, "opleiding": one, "studiefinanciering": True, "verwijderd": True}
    for one in ("mbo_entree", "vavo", "vo", "pro", "vso_arbeid", "mbo_2_bol")
)
LEAVERS = (LEFT, LEFT, {**LEFT, "opleiding": "vo"}, {**LEFT, "opleiding": "pro", "leeftijd": 17})
AGED = (*({"leeftijd": age} for age in (11, 14, 15, 16, 17, 19)), {"leeftijd": 19, "vertegenwoordigd": True})
OVERGANGSDOCUMENT = {
    "overgangsdocument": {
        "vastgesteld_in_regio": True,
        "akkoord_jongere": True,
        "inhoud": ["stagegegevens", "ondersteuningsbehoefte"],
        "taak_doorstroompunt": True,
    }
}
HELD = {"overgangsdocument": {"inhoud": ["stagegegevens"]}}
ABSENT = {"verzuim": {"weken": 5, "uren_in_vier_weken": 16, "geldige_reden": False, "meldtermijn_weken": 2}}
ASKED = {"overleg_met_school": True, "verzoek_doorstroompunt": True}
MANDATE = {"mandaten": [{"van": WI, "aan": DP, "taak": w.LEERBAARHEID}]}

SUBJECTS: Mapping[str, Subject] = {
    "document": Subject([((SCHOOL,), (WI, DP), DOCUMENT, WORK)], OF_ALB, OVERGANGSDOCUMENT),
    "alb": Subject(
        [
            ((WI,), (SCHOOL,), ("begeleidingsgegevens", "loopbaanbegeleiding_status"), WORK),
            ((SCHOOL, WI), (DP,), ("loopbaanbegeleiding_status",), (w.MONITORING,)),
        ],
        OF_ALB,
    ),
    "verzuim": Subject([((SCHOOL, DUO), (DUO, DP, LP), ABSENCE, (w.VERZUIM,))], (*PUPILS, *OLDER), ABSENT),
    "studiefinanciering": Subject([((SCHOOL,), (DUO,), ABSENCE, (w.STUDIEFINANCIERING,))], OLDER, ABSENT),
    "leerplicht": Subject(
        [
            ((SCHOOL, DUO), (LP,), ENROLLED, (w.LEERPLICHT,)),
            ((SCHOOL,), (LP,), (*ENROLLED, *ABSENCE, "begeleidingsgegevens"), (w.LEERPLICHT, w.VERZUIM)),
        ],
        PUPILS,
        {"verzoek_leerplicht": True},
    ),
    "overstap": Subject([((SCHOOL,), (DP, LP, w.ANDERE_SCHOOL), ENROLLED, (w.OVERSTAP,))], PUPILS),
    "verwijderd": Subject([((SCHOOL,), (DP,), ENROLLED, (w.ONDERSTEUNEN, w.MONITORING))], OLDER),
    "schoolverlater": Subject(
        [
            (TRIO, TRIO, EXCHANGED, (w.ONDERSTEUNEN, w.ONDERSTEUNEN, w.NAAR_WERK, w.LEERBAARHEID)),
            ((SCHOOL,), (DP,), ("gezondheidsgegevens", "strafrechtelijke_gegevens"), (w.ONDERSTEUNEN,)),
            ((LP,), (DP,), ("verzuimgegevens", "begeleidingsgegevens", w.BSN), (w.ONDERSTEUNEN,)),
            ((SCHOOL,), (DP,), EXCHANGED, (w.ONDERSTEUNEN, w.MONITORING)),
        ],
        LEAVERS,
        ASKED,
    ),
    "monitoring": Subject(
        [
            ((w.UWV, w.BIDN), (DP,), (INKOMEN, w.BSN), (w.MONITORING, w.ONDERSTEUNEN)),
            ((DP,), (w.BIDN,), ("contactgegevens", w.BSN), (w.MONITORING, w.ONDERSTEUNEN)),
            ((DUO,), (DP,), ENROLLED, (w.MONITORING,)),
        ],
        LEAVERS,
        ASKED,
    ),
    "voorkomen": Subject(
        [(TRIO, TRIO, EXCHANGED, (w.VOORKOMEN,))],
        [
            {**USES_ALB, "opleiding": one, "leeftijd": 16, "risico_op_uitval": True}
            for one in ("pro", "mbo_3_bol", "vo")
        ],
        {"verzoek_school_aan_gemeente": True},
    ),
    "onderzoek": Subject(
        [((WI, DP), (DP, WI), EXCHANGED, (w.LEERBAARHEID,))],
        [{"leeftijd": 24, "startkwalificatie": True}, LEFT],
        MANDATE,
    ),
    "samen": Subject(
        [((DP,), (WI, w.UWV, w.WERKGEVER), (*ORDINARY, w.DOCUMENT), (*WORK, w.VOORKOMEN, w.BIJSTAND))],
        AGED,
        HELD,
        ("jongere_aanwezig",),
    ),
    "nood": Subject(
        [(PARTIES, PARTIES, ANYTHING, (w.NOOD,))],
        AGED,
        HELD,
        ("leven_of_gezondheid_in_gevaar", "kan_geen_toestemming_geven"),
    ),
    "overeenkomst": Subject(
        [((SCHOOL, w.WERKGEVER), (w.WERKGEVER, SCHOOL, DP), ENROLLED, (w.OVEREENKOMST,))],
        AGED,
        {"overeenkomsten": [{"partij": one, "soort": "praktijkovereenkomst"} for one in (SCHOOL, w.WERKGEVER)]},
    ),
    "veiligheid": Subject(
        [((w.WERKGEVER, w.JEUGDZORG), (w.WERKGEVER, *PARTIES), (*ORDINARY, w.DOCUMENT), (w.VEILIGHEID,))],
        AGED,
        HELD,
        ("gerechtvaardigd_belang_weegt_zwaarder",),
    ),
    "veilig_thuis": Subject(
        [((*PARTIES, DP), (w.VEILIG_THUIS,), ANYTHING, DOELEN)], AGED, HELD, ("vermoeden_huiselijk_geweld",)
    ),
    "inzage": Subject([(PARTIES, (w.JONGERE, w.OUDERS), ANYTHING, (w.INZAGE, w.INZAGE, w.ONDERSTEUNEN))], AGED, HELD),
    "zelf": Subject([((w.OUDERS, w.OUDERS, w.JONGERE), PARTIES, ITEMS, DOELEN)], AGED, HELD),
    "bijstand": Subject([(PARTIES, (WI, w.UWV), SENSITIVE, (w.BIJSTAND,))], AGED, HELD),
    "zorg": Subject([(sorted(w.ZORG), PARTIES, ITEMS, DOELEN)], AGED),
    "doorstroompunt": Subject([((DP,), PARTIES, SENSITIVE, DOELEN)], AGED),
    "elk": Subject([(PARTIES, PARTIES, ITEMS, DOELEN)], (*AGED, USES_ALB, LEFT)),
}

AGES = (11, 12, 14, 15, 16, 17, 18, 19, 22, 23, 26, 27)
FLAGS = (
    "startkwalificatie",
    "ingeschreven",
    "verwijderd",
    "gaat_naar_mbo",
    "studiefinanciering",
    "diploma_behaald",
    "aanbod_aanvullende_loopbaanbegeleiding",
    "gebruik_aanvullende_loopbaanbegeleiding",
    "stemt_in_met_begeleiding_gemeente",
    "instemming_ouders",
    "wil_ondersteuning_doorstroompunt",
    "begeleid_door_doorstroompunt",
    "risico_op_uitval",
    "heeft_werk",
    "vertegenwoordigd",
    "schooljaar_van_16_voorbij",
)
ASSERTED = (
    "jongere_aanwezig",
    "leven_of_gezondheid_in_gevaar",
    "kan_geen_toestemming_geven",
    "vermoeden_huiselijk_geweld",
    "gerechtvaardigd_belang_weegt_zwaarder",
)
SAID = ("overleg_met_school", "verzoek_school_aan_gemeente", "verzoek_doorstroompunt", "verzoek_leerplicht")
ENTRY = ("gegeven", "vrij", "geinformeerd", "ondubbelzinnig", "uitdrukkelijk", "ingetrokken")

YES_NO = st.booleans()
MAYBE = st.sampled_from((True, False, None))


def back(day: str, years: int, days: int = 0) -> str:
    """Return a date so many years before a day, and some days off."""
    start = datetime.date.fromisoformat(day)
    if (start.month, start.day) == (2, 29):
        start = start.replace(day=28)
    return (start.replace(year=start.year - years) + datetime.timedelta(days)).isoformat()


@st.composite
def questions(draw: DrawFn, scenarios: Callable[[], Sequence[Json]]) -> Data:
    """Draw a question: of §5, of a scenario or of a norm, and some facts of it changed."""
    start = draw(st.integers(0, 7))
    if start == 0:
        data: Data = deepcopy(dict(draw(st.sampled_from([row.question for row in rows()]))))
    elif start == 1 and (known := scenarios()):
        data = deepcopy(dict(draw(st.sampled_from(known))))
    else:
        data = _of_norm(draw)
    day = data.setdefault("peildatum", "2026-03-01")
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 1, 2, 2, 3, 5)))):
        _change(draw, data, day)
    return data


def _of_norm(draw: DrawFn) -> Data:
    subject = SUBJECTS[draw(st.sampled_from((*SUBJECTS, "document", "schoolverlater", "monitoring", "monitoring")))]
    van, naar, items, doelen = draw(st.sampled_from(subject.scopes))
    verstrekker = draw(st.sampled_from(van))
    others = [one for one in naar if one != verstrekker]
    item = draw(st.sampled_from(items))
    weighing = {"gegevens": {item: "noodzakelijk"}, "alternatief": "geen", **dict.fromkeys(subject.asserted, True)}
    asked = {
        "verstrekker": verstrekker,
        "ontvanger": draw(st.sampled_from(others)) if others else SCHOOL,
        "gegevens": [item],
        "doel": draw(st.sampled_from(doelen)),
        "afweging": weighing,
    }
    day = draw(st.sampled_from(DAYS))
    person = dict(draw(st.sampled_from(subject.people)))
    if person.get("ingeschreven") is False:
        person["uitstroomdatum"] = back(day, draw(st.sampled_from((1, 2, 3))), draw(st.sampled_from((0, 1, -1))))
    return {"peildatum": day, "jongere": person, **deepcopy(dict(subject.around)), "delingen": [asked]}


def _change(draw: DrawFn, data: Data, day: str) -> None:
    kind = draw(st.sampled_from(CHANGES))
    kind(draw, data, day)


def _put(target: Data, name: str, value: Any) -> None:
    if value is None:
        target.pop(name, None)
    else:
        target[name] = value


def _flag(draw: DrawFn, data: Data, day: str) -> None:
    _put(data.setdefault("jongere", {}), draw(st.sampled_from(FLAGS)), draw(MAYBE))


def _forget(draw: DrawFn, data: Data, day: str) -> None:
    """Leave out one fact."""
    parts = [data[one] for one in ("jongere", "verzuim", "overgangsdocument") if data.get(one)] + [
        flow["afweging"] for flow in data.get("delingen", ()) if flow.get("afweging")
    ]
    places = [(part, name) for part in parts for name in part]
    places += [(data, name) for name in (*SAID, "mandaten") if name in data]
    if places:
        part, name = draw(st.sampled_from(places))
        del part[name]


def _opleiding(draw: DrawFn, data: Data, day: str) -> None:
    _put(data.setdefault("jongere", {}), "opleiding", draw(st.sampled_from((*OPLEIDINGEN, None))))


def _age(draw: DrawFn, data: Data, day: str) -> None:
    jongere = data.setdefault("jongere", {})
    jongere.pop("geboortedatum", None)
    _put(jongere, "leeftijd", draw(st.sampled_from((*AGES, None))))


def _birth(draw: DrawFn, data: Data, day: str) -> None:
    jongere = data.setdefault("jongere", {})
    if draw(st.integers(0, 3)):
        jongere.pop("leeftijd", None)
    year = int(day[:4]) - draw(st.sampled_from(AGES))
    month_day = draw(st.sampled_from((day[5:], "07-31", "08-01", "02-28", "03-01", "01-01", "12-31")))
    if month_day == "02-29":
        month_day = "02-28"
    leap = year % 4 == 0 and draw(YES_NO)
    jongere["geboortedatum"] = f"{year}-{'02-29' if leap else month_day}"


def _left(draw: DrawFn, data: Data, day: str) -> None:
    ago = back(day, draw(st.sampled_from((0, 1, 2, 3))), draw(st.sampled_from((0, 1, -1, 40, -40))))
    _put(data.setdefault("jongere", {}), "uitstroomdatum", draw(st.sampled_from((ago, "2024-02-29", None))))


def _absence(draw: DrawFn, data: Data, day: str) -> None:
    verzuim = data.setdefault("verzuim", {})
    name, values = draw(
        st.sampled_from(
            (
                ("weken", (0, 1, 2, 3, 4, 5, None)),
                ("meldtermijn_weken", (1, 2, 3, 4, 10, None)),
                ("uren_in_vier_weken", (15, 16, None)),
                ("geldige_reden", (True, False, None)),
            )
        )
    )
    _put(verzuim, name, draw(st.sampled_from(values)))


def _document(draw: DrawFn, data: Data, day: str) -> None:
    document = data.setdefault("overgangsdocument", {})
    name = draw(st.sampled_from(("vastgesteld_in_regio", "akkoord_jongere", "taak_doorstroompunt", "inhoud", "inhoud")))
    if name != "inhoud":
        _put(document, name, draw(MAYBE))
        return
    held = [one for one in ITEMS if one not in (w.DOCUMENT, w.ANONIEM)]
    some = st.lists(st.sampled_from((*held, w.BSN, "gezondheidsgegevens", INKOMEN)), max_size=2, unique=True)
    asked = [one for flow in data.get("delingen", ()) for one in flow["gegevens"] if one in held]
    _put(document, "inhoud", draw(st.one_of(some, st.just(asked[:1]), st.none())))


def _said(draw: DrawFn, data: Data, day: str) -> None:
    _put(data, draw(st.sampled_from(SAID)), draw(MAYBE))


def _weighing(draw: DrawFn, data: Data, day: str) -> None:
    for flow in data.get("delingen", ()):
        weighing = dict(flow.get("afweging", {}))
        which = draw(st.integers(0, 3))
        if which == 0:
            said = draw(st.sampled_from(("noodzakelijk", "handig", None)))
            _put(weighing, "gegevens", said and dict.fromkeys(flow["gegevens"], said))
        elif which == 1:
            _put(weighing, "alternatief", draw(st.sampled_from(("geen", "anoniem", "ouders", None))))
        else:
            weighing[draw(st.sampled_from(ASSERTED))] = draw(st.sampled_from((True, True, False)))
        _put(flow, "afweging", weighing or None)


def _consent(draw: DrawFn, data: Data, day: str) -> None:
    entries = list(data.get("toestemmingen", ()))
    for flow in data.get("delingen", ())[:1]:
        about = {name: flow[name] for name in ("verstrekker", "ontvanger", "gegevens", "doel")}
        who = draw(st.sampled_from(("jongere", "wettelijk_vertegenwoordiger", None)))
        entry: Data = dict(consent(about))
        _put(entry, "door", who)
        for name in draw(st.lists(st.sampled_from(ENTRY), max_size=2)):
            _put(entry, name, draw(MAYBE))
        entries.append(entry)
    _put(data, "toestemmingen", entries[-2:])


def _mandate(draw: DrawFn, data: Data, day: str) -> None:
    one = {
        "van": draw(st.sampled_from((WI, WI, DP, LP))),
        "aan": DP,
        "taak": draw(st.sampled_from((w.LEERBAARHEID, w.LEERBAARHEID, w.BIJSTAND))),
    }
    if one["van"] == DP:
        one["aan"] = WI
    _put(data, "mandaten", draw(st.sampled_from(([one], [one], [], None))))


def _origin(draw: DrawFn, data: Data, day: str) -> None:
    items = [one for flow in data.get("delingen", ()) for one in flow["gegevens"]] or ITEMS
    doelen = draw(st.lists(st.sampled_from((*DOELEN, w.BIJSTAND)), min_size=1, max_size=2))
    data["herkomst"] = [{"gegeven": draw(st.sampled_from(items)), "doel": one} for one in doelen]


def _contract(draw: DrawFn, data: Data, day: str) -> None:
    kinds = st.sampled_from(("praktijkovereenkomst", "stageovereenkomst", "arbeidsovereenkomst"))
    parties = [flow[side] for flow in data.get("delingen", ()) for side in ("verstrekker", "ontvanger")][:2]
    kind = draw(kinds)
    entries = [{"partij": one, "soort": kind if draw(st.integers(0, 4)) else draw(kinds)} for one in parties]
    data["overeenkomsten"] = entries[: draw(st.sampled_from((1, 2, 2)))]


def _flow(draw: DrawFn, data: Data, day: str) -> None:
    name, choices = draw(
        st.sampled_from((("verstrekker", PARTIES), ("ontvanger", PARTIES), ("doel", DOELEN), ("gegevens", ITEMS)))
    )
    value = draw(st.sampled_from(choices))
    for flow in data.get("delingen", ())[:1]:
        before = deepcopy(flow)
        flow[name] = [value] if name == "gegevens" else value
        if name == "gegevens" and "gegevens" in flow.get("afweging", {}):
            said = list(flow["afweging"]["gegevens"].values())[:1]
            flow["afweging"] = {**flow["afweging"], "gegevens": dict.fromkeys([value], said[0]) if said else {}}
        if flow["verstrekker"] == flow["ontvanger"]:
            flow.clear()
            flow.update(before)


def _day(draw: DrawFn, data: Data, day: str) -> None:
    data["peildatum"] = draw(st.sampled_from(DAYS))


CHANGES = (
    *(_forget,) * 8,
    *(_flag,) * 5,
    *(_opleiding,) * 2,
    *(_age,) * 2,
    *(_birth,) * 2,
    *(_left,) * 2,
    *(_absence,) * 2,
    *(_document,) * 2,
    _said,
    *(_weighing,) * 2,
    *(_consent,) * 3,
    _mandate,
    _origin,
    _contract,
    _flow,
    _day,
)

WEEKS = st.sampled_from((0, 1, 3, 4, 5))
OPEN: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "": {"overleg_met_school": YES_NO, "verzoek_school_aan_gemeente": YES_NO, "mandaten": st.just([])},
    "jongere": {
        **dict.fromkeys([one for one in FLAGS if one != "vertegenwoordigd"], YES_NO),
        "leeftijd": st.sampled_from(AGES),
        "opleiding": st.sampled_from(OPLEIDINGEN),
        "uitstroomdatum": st.sampled_from(DAYS),
    },
    "verzuim": {
        "weken": WEEKS,
        "meldtermijn_weken": st.integers(1, 5),
        "uren_in_vier_weken": st.sampled_from((15, 16)),
        "geldige_reden": YES_NO,
    },
    "overgangsdocument": {
        **dict.fromkeys(("vastgesteld_in_regio", "akkoord_jongere", "taak_doorstroompunt"), YES_NO),
        "inhoud": st.lists(st.sampled_from(("stagegegevens", w.BSN, INKOMEN, "gezondheidsgegevens")), max_size=2),
    },
}
"""The facts whose absence means unknown, by the part of the question they stand in."""


@st.composite
def completed(draw: DrawFn, question: Data) -> Data:
    """Draw the same question with some of its unknown facts answered."""
    data = deepcopy(question)
    for part, fields in OPEN.items():
        target = data if part == "" else data.setdefault(part, {})
        unsaid = [one for one in fields if one not in target]
        for name in draw(st.lists(st.sampled_from(unsaid), max_size=3, unique=True)) if unsaid else ():
            if name != "leeftijd" or "geboortedatum" not in target:
                target[name] = draw(fields[name])
    return data
