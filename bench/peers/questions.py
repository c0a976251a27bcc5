"""Questions for the peers: one flow each, what the four norms read is said, all distinct.

Goes in: the law put together, and how many are wanted. Comes out: checked questions.
Must not know: what a norm answers.

So that the peers also say yes, most questions are scenarios in which one of the norms permits something, and most
fields keep what the scenario says. Left out, because a peer cannot say it or a question cannot have it:

- several consents of one person for a flow: Cedar cannot range over a list of records;
- who consented left unsaid, and every other unknown: for Cedar an error, for answer sets a no;
- a date of birth, from which the rules work out the age: an age is given instead;
- no education (`geen`), which contradicts a date of leaving, and that date is always said.

A weighing is unsaid in some questions of a flow that ALB-1 is about, the one norm of the four for which silence
decides. The bsn and a duty of secrecy are not left out: the peers say both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import islice
from random import Random
from typing import Any, Final

from app.advice import contract
from app.advice.question.casus import Casus
from app.advice.question.facts import to_facts
from app.composition import Composition
from app.engine.facts import FactSet
from app.kern.decider import KernDecider
from app.lang.vocabulary import Domain
from app.web.problems import Problem
from bench.cases import FLOW, SEED, canonical, value_of
from bench.kern import deciders_of

NORMS: Final = ("ALB-1", "VSV-1", "VZM-1", "TST-1")
SINCE: Final = 20260101
"""The first day of the law in which the four norms stand as the peers have them."""
PLAIN: Final = ("jongere", "verzuim", "overgangsdocument")
CONSENT: Final = "toestemmingen"
MANY_AGREE: Final = 0.7
"""How often a yes is drawn: the norms need many of them at once."""
EXCEPTIONS: Final = 0.15
"""How often a closed fact is said to hold: unsaid it is not so, and seldom is it otherwise."""
MOST: Final = 0.9
"""How often the scenario is one that one of the four norms is about."""
PERMITTED: Final = 0.5
"""How often it is then one that the norm permits; the others lack a condition, so that a peer that forgot it shows."""
REDRAWN: Final = 0.08
"""How often a field that a scenario says is drawn anew."""
MOST_WEIGHED: Final = 0.85
CONSENTS: Final = 0.5
"""How often each of the two who can decide has a recorded consent."""
UNSAID: Final = 0.3
"""How often either part of a weighing is left out where silence decides."""
SILENCE_DECIDES: Final = (
    ("school", "gemeente_participatie", "aanvullende_loopbaanbegeleiding"),
    ("school", "gemeente_participatie", "begeleiding_naar_werk"),
)
"""From whom to whom for which purpose the region weighed already, so that only an objection counts."""
LEFT_OUT: Final = ("jongere.geboortedatum",)
"""Fields that only say again what another one says; two at random would contradict each other."""


def complete(composed: Composition, count: int) -> list[tuple[Casus, FactSet]]:
    """Make this many distinct questions that are accepted, each with its facts."""
    return list(islice(_accepted(composed), count))


def _accepted(composed: Composition) -> Iterator[tuple[Casus, FactSet]]:
    vocabulary = composed.book.policies.vocabulary
    random = Random(SEED)
    own = [one for one in composed.scenarios if FLOW in one.vraag and one.fout is None]
    asked = [dict(one.vraag) for one in own if composed.reader.check(one.vraag).peildatum >= SINCE]
    deciders = deciders_of(composed.book)
    norms = [(one, *_norms(one, composed, deciders)) for one in asked]
    permitted = [[one for one, _, found in norms if norm in found] for norm in NORMS]
    concerned = [[one for one, found, _ in norms if norm in found] for norm in NORMS]
    seen: set[bytes] = set()
    while True:
        pools = permitted if random.random() < PERMITTED else concerned
        pool = random.choice(pools) if random.random() < MOST else asked
        question = _filled(deepcopy(random.choice(pool)), composed, random)
        raw = canonical(question)
        if raw in seen:
            continue
        seen.add(raw)
        try:
            casus = composed.reader.check(question)
            composed.desk.decide(casus)
        except Problem:
            continue
        yield casus, to_facts(casus, vocabulary)


def _norms(
    question: dict[str, Any], composed: Composition, deciders: Mapping[int, KernDecider]
) -> tuple[set[str], set[str]]:
    """Return the norms that a flow of a question as it stands is about, and those that permit one."""
    try:
        casus = composed.reader.check(question)
        found = composed.desk.decide(casus)
    except Problem:
        return set(), set()
    facts = to_facts(casus, composed.book.policies.vocabulary)
    about = deciders[id(composed.book.on(casus.peildatum))].decide(facts).rows("zeker", contract.BETREFT)
    permit = {ground.norm for one in found.adviezen for ground in one.grondslagen}
    return {str(norm) for _, norm in about}, permit


def _filled(question: dict[str, Any], composed: Composition, random: Random) -> dict[str, Any]:
    """Fill in what a question leaves out, and draw some of what it says anew."""
    question.pop("kenmerk", None)
    vocabulary = composed.book.policies.vocabulary
    for field in vocabulary.fields:
        *path, name = field.path.split(".")
        domain = vocabulary.domains.get(field.domain)
        if "[" in field.path or "{" in field.path or domain is None or field.path in LEFT_OUT:
            continue
        if (path[:1] and path[0] not in PLAIN) or (not path and name in ("kenmerk", "peildatum")):
            continue
        place = question
        for part in path:
            place = place.setdefault(part, {})
        if name not in place or random.random() < REDRAWN:
            closed = field.predicate is not None and not vocabulary.predicates[field.predicate].open
            place[name] = random.random() < EXCEPTIONS if closed else _drawn(domain, random)
    for name in LEFT_OUT:
        first, _, last = name.partition(".")
        question[first].pop(last, None)
    _school_year(question["jongere"])
    document = question["overgangsdocument"]
    if "inhoud" not in document or random.random() < REDRAWN:
        document["inhoud"] = random.sample(vocabulary.domains["gegeven"].values, 3)
    _one_flow(question, vocabulary.domains, random)
    return question


def _school_year(young: dict[str, Any]) -> None:
    """Say of the school year of 16 what an age leaves no choice about: anything else is a contradiction."""
    if young["leeftijd"] != 16:
        young["schooljaar_van_16_voorbij"] = young["leeftijd"] > 16


def _one_flow(question: dict[str, Any], domains: Any, random: Random) -> None:
    deling = random.choice(question[FLOW])
    parts = ("verstrekker", "ontvanger", "doel")
    item = random.choice(deling["gegevens"])
    if random.random() < REDRAWN:
        item = random.choice(domains["gegeven"].values)
    flow = {name: deling[name] for name in parts} | {"gegevens": [item]}
    weighing: dict[str, Any] = {
        "gegevens": {item: "noodzakelijk" if random.random() < MOST_WEIGHED else "handig"},
        "alternatief": "geen" if random.random() < MOST_WEIGHED else random.choice(domains["andere_weg"].values),
    }
    if tuple(flow[name] for name in parts) in SILENCE_DECIDES:
        weighing = {name: value for name, value in weighing.items() if random.random() >= UNSAID}
    question[FLOW] = [{**flow, "afweging": weighing}]
    deciders = domains["wie_geeft_toestemming"].values
    question[CONSENT] = [_consent(flow, who, random) for who in deciders if random.random() < CONSENTS]
    question["herkomst"] = []
    if random.random() < 0.3:
        question["herkomst"] = [{"gegeven": item, "doel": random.choice(domains["doel"].values)}]


def _consent(flow: dict[str, Any], who: str, random: Random) -> dict[str, Any]:
    said = ("gegeven", "vrij", "geinformeerd", "ondubbelzinnig")
    return {
        **flow,
        **{name: random.random() < 0.92 for name in said},
        "uitdrukkelijk": random.random() < MANY_AGREE,
        "ingetrokken": random.random() < 0.1,
        "door": who,
    }


def _drawn(domain: Domain, random: Random) -> Any:
    value = value_of(domain, random)
    return random.random() < MANY_AGREE if type(value) is bool else value
