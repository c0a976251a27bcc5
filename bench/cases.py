"""Casussen to measure with: many, all distinct, the same ones every time.

Goes in: the law put together, and how many are wanted. Comes out: `Asked` questions that get an advice.
Must not know: what is measured, or what any field means: values come from the vocabulary.

The first are the scenarios' own questions; the others are scenarios with a few fields changed or left
out. Refused questions and contradictions do not count.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

from app.advice.advies import Advies
from app.advice.advisor import Advisor
from app.advice.question.casus import Casus
from app.composition import Composition
from app.lang.vocabulary import Domain, Vocabulary
from app.web.problems import Problem
from app.web.wire import YES_NO

SEED = 20260315
MOST_CHANGES = 4
FLOW = "delingen"
_FLOW_PARTS = {"verstrekker": "partij", "ontvanger": "partij", "gegeven": "gegeven", "doel": "doel"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is sent, as it was checked, and the oordelen it gets."""

    raw: bytes
    casus: Casus
    oordelen: tuple[str, ...]


def asked(composed: Composition, count: int) -> tuple[Asked, ...]:
    """Make this many distinct casussen with delingen, each of which gets an advice."""
    found = tuple(islice(_accepted(composed, Advisor(composed.book)), count))
    if len({one.raw for one in found}) != count:
        raise AssertionError("the casussen are not distinct")
    return found


def mix(cases: Iterable[Asked]) -> Mapping[str, int]:
    """Count the oordelen, most frequent first."""
    return dict(Counter(oordeel for one in cases for oordeel in one.oordelen).most_common())


def _accepted(composed: Composition, advisor: Advisor) -> Iterator[Asked]:
    own = [dict(one.vraag) for one in composed.scenarios if FLOW in one.vraag and one.fout is None]
    seen: set[bytes] = set()
    for question in questions(own, composed.book.policies.vocabulary):
        raw = canonical(question)
        if raw in seen:
            continue
        seen.add(raw)
        try:
            casus = composed.reader.check(question)
        except Problem:
            continue
        advice = advisor.advise(casus)
        if isinstance(advice, Advies):
            yield Asked(raw, casus, tuple(one.oordeel for one in advice.adviezen))


def questions(own: Sequence[dict[str, Any]], vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    """List these questions without their own names, and then changed ones, for ever."""
    random = Random(SEED)
    for question in own:
        yield _nameless(question)
    while True:
        yield mutated(_nameless(random.choice(own)), vocabulary, random)


def canonical(question: Mapping[str, Any]) -> bytes:
    """Write a question so that equal questions are equal texts."""
    return json.dumps(question, sort_keys=True, ensure_ascii=False).encode()


def mutated(question: dict[str, Any], vocabulary: Vocabulary, random: Random) -> dict[str, Any]:
    """Change a few things in a question: the answer to a field, or who shares what with whom and why."""
    changed = deepcopy(question)
    fields = [field for field in vocabulary.fields if "[" not in field.path and "{" not in field.path and field.domain]
    for _ in range(random.randint(1, MOST_CHANGES)):
        if random.random() < 0.4:
            _change_flow(random.choice(changed[FLOW]), vocabulary, random)
            continue
        field = random.choice(fields)
        *path, name = field.path.split(".")
        domain = vocabulary.domains.get(field.domain)
        if not path or domain is None:  # the date asked about stays: one law per scenario; names are left out
            continue
        place = changed
        for part in path:
            place = place.setdefault(part, {})
        if name in place and random.random() < 0.3:
            del place[name]
        else:
            place[name] = value_of(domain, random)
    return changed


def _nameless(question: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in question.items() if name != "kenmerk"}


def _change_flow(deling: dict[str, Any], vocabulary: Vocabulary, random: Random) -> None:
    part, domain = random.choice(list(_FLOW_PARTS.items()))
    value = random.choice(vocabulary.domains[domain].values)
    if part == "gegeven":
        deling.pop("afweging", None)  # it may weigh the item that is replaced
        deling["gegevens"] = [value]
    else:
        deling[part] = value


def value_of(domain: Domain, random: Random) -> Any:
    """Draw a value of a field from its domain, as JSON has it."""
    if domain.kind == "datum":
        return f"{random.randint(2004, 2026)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    if domain.kind == "getal":
        return random.randint(domain.minimum or 0, min(domain.maximum or 40, 40))
    word = random.choice(domain.values)
    return word == YES_NO[0] if domain.values == YES_NO else word
