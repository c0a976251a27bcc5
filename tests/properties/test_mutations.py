"""Every condition of the law is guarded by a scenario: without it, some scenario answers something else.

A condition without which every case has the same outcomes is proved to be so (app/analysis), so no scenario can notice
it. What else no scenario notices stands in survivors.toml, with the reason. The whole run takes some twenty minutes and
belongs to `make test-all`; `make test` tries a few.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from app.advice.contract import BETREFT, STAP
from app.analysis.coverage import Part, cover
from app.cli_coverage import laws_with
from app.lang.ast import Constant, Positive, Rule
from app.store import apart
from app.store.selfcheck import Case
from tests.properties.mutants import Mutant, is_noticed, mutants
from tests.properties.real_law import real_law

SURVIVORS = tomllib.loads((Path(__file__).parent / "survivors.toml").read_text(encoding="utf-8"))
KNOWN = {name for group in SURVIVORS["groep"] for name in group["mutanten"]}
FEW, SOME = 2000, 150
"""One of so many mutants is tried in `make test`, and by the sweeps of `make test-slow`."""
TWICE = (
    "policies/algemeen/verzuim.dl: stap(Deling, 'VZM-3', 1) without betreft(Deling, 'VZM-3')",
    "facts/partijen.dl: + overheidsorganisatie('duo')",
)
DECIDES = "facts/partijen.dl: + kan_belang_afwegen('werkgever')"
"""Mutants that end the same by what another condition asks, and one that does not."""


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


def part_of(mutant: Mutant) -> Part:
    """Return the place of what a mutant lost."""
    clause, lost = mutant.clause, mutant.lost
    places = [at for at, one in enumerate(clause.body) if one is lost] if isinstance(clause, Rule) else []
    return (clause.span.file, clause.span.line, tuple(places))


def equivalent(some: Iterable[Mutant]) -> frozenset[Part]:
    """Return the parts, of those that some mutants lost, without which every case is proved to end the same."""
    places = {part_of(one)[:2] for one in some}
    law = real_law()
    laws = laws_with(law.book, law.reader, law.scenarios)
    return cover(laws, apart.begin, lambda clause: (clause.span.file, clause.span.line) in places).equivalent()


def unnoticed(tried: Iterable[Mutant]) -> str:
    """Name the lost conditions that no scenario notices, one a line, with what to do about them."""
    survived = [one for one in tried if not is_noticed(real_law(), cases(), one)]
    proved = equivalent(survived) if survived else frozenset()
    found = sorted({one.name for one in survived if part_of(one) not in proved})
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


@pytest.mark.slow
def test_the_law_as_it_is_passes_every_scenario() -> None:
    rule = next(one.clause for one in all_mutants() if isinstance(one.clause, Rule))
    assert not is_noticed(real_law(), cases(), Mutant(rule, None, rule))


@pytest.mark.parametrize("every", [FEW, pytest.param(SOME, marks=pytest.mark.slow)])
def test_some_lost_conditions_are_noticed(every: int) -> None:
    tried = [one for one in all_mutants() if not is_known(one)][::every]
    if said := unnoticed(tried):
        pytest.fail(said, pytrace=False)


def test_every_known_survivor_is_a_mutant() -> None:
    assert KNOWN - {one.name for one in all_mutants()} == set()


@pytest.mark.slow
def test_what_is_proved_to_make_no_difference_needs_no_reason() -> None:
    some = [one for one in all_mutants() if one.name in (*TWICE, DECIDES)]
    found = equivalent(some)
    assert {part_of(one) for one in some if one.name in TWICE} <= found
    assert not {part_of(one) for one in some if one.name == DECIDES} & found


@pytest.mark.skipif(not is_thorough(), reason="half a minute: make test-all")
def test_no_known_survivor_is_proved_to_make_no_difference() -> None:
    known = [one for one in all_mutants() if one.name in KNOWN]
    found = equivalent(known)
    assert KNOWN - {one.name for one in known if part_of(one) not in found} == set()


@pytest.mark.skipif(not is_thorough(), reason="twenty minutes: make test-all")
def test_every_lost_condition_is_noticed() -> None:
    unknown = [one for one in all_mutants() if not is_known(one)]
    if said := unnoticed(unknown):
        pytest.fail(said, pytrace=False)
