"""Laws about what the real law may never say, whatever the casus."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from app.advice.advies import DelingAdvies
from app.advice.contract import OORDEEL, VERPLICHTING
from app.advice.question.casus import Casus, flatten
from app.engine.facts import FactSet
from tests.properties.real_law import real_law
from tests.properties.strategies_casussen import casussen

TOEGESTAAN, ONDER_VOORWAARDEN = "toegestaan", "onder_voorwaarden"
ALLEEN_MET_TOESTEMMING, NIET_TOEGESTAAN = "alleen_met_toestemming", "niet_toegestaan"
STRICTNESS = {TOEGESTAAN: 0, ONDER_VOORWAARDEN: 1, ALLEEN_MET_TOESTEMMING: 1, NIET_TOEGESTAAN: 2}

# Said again here, from AVG 6, 9 and 10 and the servicedocument: the law's own tables are what is tested.
PUBLIC = {"school", "doorstroompunt", "gemeente_participatie", "gemeente_leerplicht", "uwv", "duo", "bidn"} | {
    "leerwerkloket",
    "werkcentrum",
}
SPECIAL = {"gezondheidsgegevens", "medische_verklaring", "behandelstatus", "etniciteit", "politieke_opvattingen"} | {
    "religie_levensovertuiging",
    "vakbondslidmaatschap",
    "seksueel_gedrag",
    "genetische_gegevens",
    "biometrische_gegevens",
    "strafrechtelijke_gegevens",
}
NORMS_FOR_SPECIAL = {"TST-1", "JZF-1", "VIT-1", "VSV-5", "INZ-1", "VTH-1"}
HEALTH_OR_CRIMINAL = {"gezondheidsgegevens", "strafrechtelijke_gegevens"}
STAYS = {*HEALTH_OR_CRIMINAL, "medische_verklaring", "behandelstatus"}
"""What the Doorstroompunt keeps to itself (WEB 9.2.7(2))."""
OUTSIDE_TST_2 = {"medische_verklaring", "behandelstatus", "strafrechtelijke_gegevens"}
"""Special and criminal items that may go to who decides on bijstand, with explicit consent."""


def norms(advies: DelingAdvies) -> set[str]:
    """The norms that permit a flow."""
    return {ground.norm for ground in advies.grondslagen}


@given(casussen())
def test_every_flow_has_exactly_one_oordeel(casus: Casus) -> None:
    law = real_law()
    rows = law.decide(casus).rows("zeker", OORDEEL)
    assert sorted(str(row[0]) for row in rows) == sorted(flow.key for flow in flatten(casus))
    assert {str(row[1]) for row in rows} <= set(law.vocabulary.domain_of(OORDEEL, 1).values)


@given(casussen())
def test_the_young_person_is_told_of_what_is_permitted_and_does_not_know(casus: Casus) -> None:
    advice = real_law().advise(casus)
    represented = bool((casus.data.get("jongere") or {}).get("vertegenwoordigd"))
    age = advice.jongere.leeftijd
    for advies in advice.adviezen:
        own = "jongere" in (advies.deling.verstrekker, advies.deling.ontvanger)
        told = advies.voor_de_jongere
        assert (told is not None) == (advies.oordeel == TOEGESTAAN and not own and "ANO-1" not in norms(advies))
        if told is not None:
            danger = bool(norms(advies) & {"VIT-1", "VTH-1"})
            young = represented or (age is not None and age < 16)
            assert ("alleen als dat veilig is" in told.tekst) == (danger and (young or age is None))
            assert ("Wie jou vertegenwoordigt" in told.tekst) == (young and not danger)
            assert ("Ben je jonger dan 16" in told.tekst) == (age is None and not represented and not danger)


@given(casussen())
def test_the_rights_are_those_of_the_first_ground(casus: Casus) -> None:
    labels = real_law().vocabulary.domains["recht"].labels
    for advies in real_law().advise(casus).adviezen:
        if advies.voor_de_jongere is not None:
            found = advies.voor_de_jongere.rechten
            # The letter of AVG 6(1); JZF-1 has none, and comes after c and e.
            first = min(("-" if one.avg is None else one.avg[-1] for one in advies.grondslagen), key="ce-bfda".index)
            wanted = {"e": ["bezwaar"], "f": ["bezwaar"], "a": ["intrekken"]}.get(first, [])
            assert list(found) == ["inzage", "rectificatie", *wanted, "klacht"]
            assert all(f"Je mag {labels[one]}." in advies.voor_de_jongere.tekst for one in found)


def test_the_grounds_rank_as_the_ways_are_offered() -> None:
    """The rank in the rules is the order of the ways: the law first, consent last."""
    ranks = real_law().advisor.law_on(20260315).decider.rows_only(FactSet({}, {}), "zeker", "rang")
    ordered = [str(row[0]) for row in sorted(ranks, key=lambda row: int(str(row[1])))]
    assert ordered == [
        one for one in real_law().vocabulary.domains["grondslag"].values if one != "geen_persoonsgegevens"
    ]


@given(casussen())
def test_permitted_exactly_when_there_is_a_ground(casus: Casus) -> None:
    words = real_law().vocabulary.domain_of(VERPLICHTING, 1).values
    for advies in real_law().advise(casus).adviezen:
        permitted = advies.oordeel == TOEGESTAAN
        assert bool(advies.grondslagen) is permitted
        on_consent = bool(norms(advies) & {"TST-1", "JZF-2"})
        # The duties are those of a professional (SD §2).
        bound = permitted and advies.deling.verstrekker not in ("jongere", "ouders")
        informing = "jongere_informeren_zodra_dat_kan" if norms(advies) <= {"VIT-1", "VTH-1"} else "jongere_informeren"
        duties = {informing, "motiveren", "vastleggen"} | ({"toestemming_aantonen"} if on_consent else set())
        assert advies.verplichtingen == tuple(word for word in words if bound and word in duties)
        for ground in advies.grondslagen:
            assert ground.bronnen
            assert (ground.avg is None) == (ground.norm in ("JZF-1", "ANO-1"))


@given(casussen())
def test_ontbrekend_is_empty_exactly_when_nothing_is_open(casus: Casus) -> None:
    for advies in real_law().advise(casus).adviezen:
        assert (not advies.ontbrekend) == (advies.oordeel in (TOEGESTAAN, NIET_TOEGESTAAN)), advies.deling
        if advies.oordeel == ALLEEN_MET_TOESTEMMING:
            assert any(
                item.feit.startswith("toestemmingen") or item.feit == "jongere.leeftijd" for item in advies.ontbrekend
            ) or all(".afweging" in item.feit or item.feit == "overgangsdocument.inhoud" for item in advies.ontbrekend)


@given(casussen(), st.booleans())
def test_a_public_body_never_relies_on_a_legitimate_interest(casus: Casus, weighed: bool) -> None:
    data = deepcopy(dict(casus.data))
    for deling in data["delingen"]:
        deling.setdefault("afweging", {})["gerechtvaardigd_belang_weegt_zwaarder"] = weighed
        deling["afweging"] |= {"gegevens": dict.fromkeys(deling["gegevens"], "noodzakelijk"), "alternatief": "geen"}
    for advies in real_law().advise(replace(casus, data=data)).adviezen:
        on_interest = [ground for ground in advies.grondslagen if ground.grondslag == "gerechtvaardigd_belang"]
        assert not on_interest or (advies.deling.verstrekker not in PUBLIC and weighed)
        assert not on_interest or advies.deling.doel == "veiligheid_derden"


@given(casussen())
def test_special_data_never_go_on_a_ground_for_ordinary_data(casus: Casus) -> None:
    law = real_law()
    delingen = [
        {**deling, "gegevens": [special]}
        for deling, special in zip(casus.data["delingen"], _specials(casus), strict=False)
    ]
    aimed = replace(casus, data={**casus.data, "delingen": delingen, "toestemmingen": _same_items(casus, delingen)})
    for advies in law.advise(aimed).adviezen:
        item = advies.deling.gegeven
        assert item in SPECIAL
        assert norms(advies) <= NORMS_FOR_SPECIAL
        if "VSV-5" in norms(advies):
            assert item in HEALTH_OR_CRIMINAL
        if "VIT-1" in norms(advies):
            deling = next(d for d in delingen if d["gegevens"] == [item] and d["doel"] == "noodsituatie")
            assert deling["afweging"]["kan_geen_toestemming_geven"]
        if "TST-1" in norms(advies):
            assert any(item in one["gegevens"] and one.get("uitdrukkelijk") for one in aimed.data["toestemmingen"])


@given(casussen(), st.none() | st.sampled_from(sorted(SPECIAL)))
def test_a_document_that_holds_or_may_hold_special_data_goes_on_no_ground_for_ordinary_data(
    casus: Casus, special: str | None
) -> None:
    delingen = [{**deling, "gegevens": ["overgangsdocument"]} for deling in casus.data["delingen"]]
    document = {name: value for name, value in casus.data.get("overgangsdocument", {}).items() if name != "inhoud"}
    if special is not None:
        document["inhoud"] = ["stagegegevens", special]
    consents = _same_items(casus, delingen)
    data = {**casus.data, "delingen": delingen, "toestemmingen": consents, "overgangsdocument": document}
    for advies, deling in zip(real_law().advise(replace(casus, data=data)).adviezen, delingen, strict=True):
        assert norms(advies) <= NORMS_FOR_SPECIAL - {"VSV-5"}
        if "VIT-1" in norms(advies):
            assert deling["afweging"]["kan_geen_toestemming_geven"]
        if "TST-1" in norms(advies):
            assert any(is_for(one, deling) and one.get("uitdrukkelijk") for one in consents)
            assert not (is_about_bijstand(advies) and special not in OUTSIDE_TST_2)
            assert not (stays_at_doorstroompunt(casus, advies) and (special is None or special in STAYS))


def is_about_bijstand(advies: DelingAdvies) -> bool:
    """Whether a flow tells someone who decides on bijstand (TST-2)."""
    deling = advies.deling
    decides = deling.ontvanger in ("gemeente_participatie", "uwv")
    return decides and deling.doel == "uitvoeren_bijstand" and deling.verstrekker != "jongere"


def stays_at_doorstroompunt(casus: Casus, advies: DelingAdvies) -> bool:
    """Whether the Doorstroompunt passes something on under the law of today (TST-3)."""
    deling = advies.deling
    passes_on = deling.verstrekker == "doorstroompunt" and deling.ontvanger != "jongere"
    return casus.peildatum >= 2026_01_01 and passes_on and deling.doel != "noodsituatie"


def _specials(casus: Casus) -> list[str]:
    """Another special item for each deling, chosen by what the casus holds."""
    words = sorted(SPECIAL)
    start = casus.peildatum + len(repr(casus.data))
    return [words[(start + place) % len(words)] for place in range(len(casus.data["delingen"]))]


def _same_items(casus: Casus, delingen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The consents of a casus, moved to the items that its delingen now have."""
    moved = []
    for one in casus.data.get("toestemmingen", ()):
        same = [d for d in delingen if all(d[name] == one[name] for name in ("verstrekker", "ontvanger", "doel"))]
        moved.append({**one, "gegevens": [d["gegevens"][0] for d in same] or one["gegevens"]})
    return moved


# ── Consent ──────────────────────────────────────────────────────────────────────────────────


def consent(deling: dict[str, Any], door: str, **changed: bool) -> dict[str, Any]:
    """A valid consent for exactly this deling."""
    exact = {name: deling[name] for name in ("verstrekker", "ontvanger", "gegevens", "doel")}
    sound = dict.fromkeys(("gegeven", "vrij", "geinformeerd", "ondubbelzinnig", "uitdrukkelijk"), True)
    return {**exact, **sound, "ingetrokken": False, "door": door, **changed}


def refuses(entry: dict[str, Any]) -> bool:
    """Whether an entry is a refusal (domein.md §1)."""
    return entry.get("gegeven") is False or entry.get("ingetrokken") is True


def is_for(entry: dict[str, Any], deling: dict[str, Any]) -> bool:
    """Whether an entry speaks of an item of this deling."""
    same = all(entry[name] == deling[name] for name in ("verstrekker", "ontvanger", "doel"))
    return same and bool(set(entry["gegevens"]) & set(deling["gegevens"]))


def with_consents(casus: Casus, entries: list[dict[str, Any]]) -> Casus:
    """The same casus with these consents only."""
    return replace(casus, data={**casus.data, "toestemmingen": entries})


@given(casussen(most_flows=2), st.booleans(), st.sampled_from(("jongere", "wettelijk_vertegenwoordiger")))
def test_refused_or_withdrawn_consent_carries_nothing(casus: Casus, withdrawn: bool, door: str) -> None:
    law = real_law()
    deling, count = casus.data["delingen"][0], len(casus.data["delingen"][0]["gegevens"])
    age, represented = law.advise(casus).jongere.leeftijd, casus.data.get("jongere", {}).get("vertegenwoordigd", False)
    # A refusal by a representative who may not decide, or perhaps not, is none.
    assume(door == "jongere" or represented or (age is not None and age < 16))
    others = list(casus.data.get("toestemmingen", ()))
    refusal = consent(deling, door, **({"ingetrokken": True} if withdrawn else {"gegeven": False}))
    refused = law.advise(with_consents(casus, [*others, refusal, consent(deling, door)])).adviezen[:count]
    without = [one for one in others if not is_for(one, deling)]
    alone = law.advise(with_consents(casus, [*without, refusal])).adviezen[:count]
    before = law.oordelen(casus)[:count]
    for advies, lonely, was in zip(refused, alone, before, strict=True):
        assert not norms(advies) & {"TST-1", "JZF-2"}
        assert advies.oordeel != ALLEEN_MET_TOESTEMMING
        assert not any(item.feit.startswith("toestemmingen") for item in advies.ontbrekend)
        assert advies.oordeel == lonely.oordeel
        assert STRICTNESS[advies.oordeel] >= STRICTNESS[was]


def deciding(casus: Casus, deling: dict[str, Any], age: int) -> set[str]:
    """Who decides on consent (UAVG 5; Jeugdwet 7.3.15: with a duty of secrecy the jongere too from 12)."""
    represented = casus.data.get("jongere", {}).get("vertegenwoordigd", False)
    people = {"jongere" if age >= 16 and not represented else "wettelijk_vertegenwoordiger"}
    secret = deling["verstrekker"] in ("jeugdzorg", "arts", "behandelaar")
    return people | ({"jongere"} if secret and 12 <= age < 16 else set())


@given(casussen(most_flows=2))
def test_a_valid_consent_never_makes_an_oordeel_stricter(casus: Casus) -> None:
    law = real_law()
    deling = casus.data["delingen"][0]
    age = law.advise(casus).jongere.leeftijd
    assume(age is not None)
    entries = list(casus.data.get("toestemmingen", ()))
    assume(not any(refuses(one) and is_for(one, deling) for one in entries))
    given_by = [consent(deling, door) for door in deciding(casus, deling, age or 0)]
    added = law.advise(with_consents(casus, [*entries, *given_by])).adviezen
    for was, advies in zip(law.oordelen(casus), added, strict=True):
        assert STRICTNESS[advies.oordeel] <= STRICTNESS[was]
    weighed = {"gegevens": dict.fromkeys(deling["gegevens"], "noodzakelijk"), "alternatief": "geen"}
    # An entry of which nobody said whether it was given may turn out to be a refusal.
    entries = [one for one in entries if one.get("gegeven") and not one.get("ingetrokken")]
    data = {**casus.data, "delingen": [{**deling, "afweging": {**deling.get("afweging", {}), **weighed}}]}
    for advies in law.advise(with_consents(replace(casus, data=data), [*entries, *given_by])).adviezen:
        unknown = ["gezondheidsgegevens", "bsn"]
        held = {"overgangsdocument": casus.data.get("overgangsdocument", {}).get("inhoud", unknown)}
        items = {advies.deling.gegeven, *held.get(advies.deling.gegeven, ())}
        never = bool(items & SPECIAL - OUTSIDE_TST_2) and is_about_bijstand(advies)
        never |= bool(items & STAYS) and stays_at_doorstroompunt(casus, advies)
        never |= "bsn" in items or advies.deling.gegeven == "geanonimiseerde_informatie"
        assert ("TST-1" in norms(advies)) is not never
