"""Every condition of the law is guarded by a scenario: without it, some scenario answers something else.

What no scenario can notice stands in survivors.toml, with the reason. The whole run takes some twenty minutes
and belongs to `make test-all`; `make test` tries a few.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from app.advice.contract import BETREFT, STAP
from app.lang.ast import Constant, Positive, Rule
from app.store.selfcheck import Case
from tests.properties.mutants import Mutant, is_noticed, mutants
from tests.properties.real_law import real_law

SURVIVORS = tomllib.loads((Path(__file__).parent / "survivors.toml").read_text(encoding="utf-8"))
KNOWN = {name for group in SURVIVORS["groep"] for name in group["mutanten"]}
EVERY = 150


@cache
def all_mutants() -> tuple[Mutant, ...]:
    """List every mutant once."""
    return tuple(mutants(real_law().book))


@cache
def cases() -> list[Case]:
    """Check the questions of all scenarios that are answered."""
    law = real_law()
    return [Case(one, law.reader.check(dict(one.vraag))) for one in law.scenarios if one.fout is None]


def is_known(mutant: Mutant) -> bool:
    """Whether a mutant survives for a reason that is written down, or one that holds for every norm.

    A first step without its `betreft`: the other steps ask for that as well, so step 1 alone never permits.
    """
    lost, head = mutant.lost, mutant.clause.head if isinstance(mutant.clause, Rule) else None
    if isinstance(lost, Positive) and lost.atom.predicate == BETREFT and head is not None:
        return (head.predicate, head.arguments[-1]) == (STAP, Constant(1)) or mutant.name in KNOWN
    return mutant.name in KNOWN


def unnoticed(tried: Iterable[Mutant]) -> str:
    """Name the lost conditions that no scenario notices, one a line, with what to do about them."""
    found = sorted({one.name for one in tried if not is_noticed(real_law(), cases(), one)})
    if not found:
        return ""
    return "\n  ".join(
        (
            "These conditions can be lost without any scenario answering something else. For each, add a scenario in "
            "which only this condition fails; or say in survivors.toml why no scenario can notice.",
            *found,
        )
    )


def is_thorough() -> bool:
    """Whether this run has the time for every mutant."""
    profile = settings.default
    return profile is not None and profile.max_examples > 1000


def test_the_law_as_it_is_passes_every_scenario() -> None:
    rule = next(one.clause for one in all_mutants() if isinstance(one.clause, Rule))
    assert not is_noticed(real_law(), cases(), Mutant(rule, None, rule))


def test_some_lost_conditions_are_noticed() -> None:
    tried = [one for one in all_mutants() if not is_known(one)][::EVERY]
    if said := unnoticed(tried):
        pytest.fail(said, pytrace=False)


def test_every_known_survivor_is_a_mutant() -> None:
    assert KNOWN - {one.name for one in all_mutants()} == set()


@pytest.mark.skipif(not is_thorough(), reason="twenty minutes: make test-all")
def test_every_lost_condition_is_noticed() -> None:
    unknown = [one for one in all_mutants() if not is_known(one)]
    if said := unnoticed(unknown):
        pytest.fail(said, pytrace=False)
