"""Questions for the peers: one flow each, everything that the four norms read is said, all distinct.

Goes in: the law put together, and how many are wanted. Comes out: checked questions.
Must not know: what a norm answers.

So that the peers also say yes, most questions are scenarios in which one of the norms permits something, and most
fields keep what the scenario says. A flow has one recorded consent at most: Cedar cannot range over a list of records.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from random import Random
from typing import Any, Final

from app.advice.question.casus import Casus
from app.advice.question.facts import to_facts
from app.composition import Composition
from app.engine.facts import FactSet
from app.lang.vocabulary import Domain
from app.web.problems import Problem
from bench.cases import FLOW, SEED, canonical, value_of

NORMS: Final = ("ALB-1", "VSV-1", "VZM-1", "TST-1")
SINCE: Final = 20260101
"""The first day of the law in which the four norms stand as the peers have them."""
PLAIN: Final = ("jongere", "verzuim", "overgangsdocument")
CONSENT: Final = "toestemmingen"
MANY_AGREE: Final = 0.7
"""How often a yes is drawn: the norms need many of them at once."""
MOST: Final = 0.8
REDRAWN: Final = 0.08
"""How often a field that a scenario says is drawn anew."""
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
    norms = [(one, _norms(one, composed)) for one in asked]
    permitted = [[one for one, found in norms if norm in found] for norm in NORMS]
    seen: set[bytes] = set()
    while True:
        pool = random.choice(permitted) if random.random() < MOST else asked
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


def _norms(question: dict[str, Any], composed: Composition) -> set[str]:
    """Return the norms that permit a flow of a question as it stands."""
    try:
        found = composed.desk.decide(composed.reader.check(question))
    except Problem:
        return set()
    return {ground.norm for one in found.adviezen for ground in one.grondslagen}


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
            place[name] = _drawn(domain, random)
    for name in LEFT_OUT:
        first, _, last = name.partition(".")
        question[first].pop(last, None)
    document = question["overgangsdocument"]
    document.setdefault("inhoud", random.sample(vocabulary.domains["gegeven"].values, 3))
    _one_flow(question, vocabulary.domains, random)
    return question


def _one_flow(question: dict[str, Any], domains: Any, random: Random) -> None:
    deling = random.choice(question[FLOW])
    item = random.choice(deling["gegevens"])
    flow = {name: deling[name] for name in ("verstrekker", "ontvanger", "doel")} | {"gegevens": [item]}
    weighed = "noodzakelijk" if random.random() < MANY_AGREE else "handig"
    way = "geen" if random.random() < MANY_AGREE else random.choice(domains["andere_weg"].values)
    question[FLOW] = [{**flow, "afweging": {"gegevens": {item: weighed}, "alternatief": way}}]
    question[CONSENT] = []
    question["herkomst"] = []
    if random.random() < 0.4:
        said = ("gegeven", "vrij", "geinformeerd", "ondubbelzinnig", "uitdrukkelijk")
        consent: dict[str, Any] = {name: random.random() < 0.9 for name in said}
        consent |= {"ingetrokken": random.random() < 0.1}
        consent["door"] = random.choice(domains["wie_geeft_toestemming"].values)
        question[CONSENT] = [{**flow, **consent}]
    if random.random() < 0.3:
        question["herkomst"] = [{"gegeven": item, "doel": random.choice(domains["doel"].values)}]


def _drawn(domain: Domain, random: Random) -> Any:
    value = value_of(domain, random)
    return random.random() < MANY_AGREE if type(value) is bool else value
