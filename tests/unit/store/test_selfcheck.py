"""The self-check: that it finds what is wrong, and what it remembers."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.engine.model import Decider, Model, ModelRow, Side
from app.lang.program import Program
from app.settings import Settings
from app.store import selfcheck
from app.store.policies import PolicySet, read_policies
from app.store.policy_book import PolicyBook
from app.store.scenarios import Scenario, read_scenarios
from app.store.selfcheck import Case
from app.web.question import QuestionReader


@pytest.fixture(scope="module")
def policies() -> PolicySet:
    return read_policies(Settings().facts, Settings().policies)


@pytest.fixture(scope="module")
def book(policies: PolicySet) -> PolicyBook:
    return PolicyBook(policies, CompiledEngine())


@pytest.fixture(scope="module")
def cases(policies: PolicySet) -> list[Case]:
    reader = QuestionReader(policies.vocabulary)
    scenarios = [one for one in read_scenarios(Settings().policies) if one.fout is None and one.verwacht]
    return [Case(one, reader.check(one.vraag)) for one in scenarios[::40]]


class _Forgetful:
    """An engine that loses every certain row of one predicate: what a bug in an engine looks like."""

    name = "forgetful"

    def __init__(self, predicate: str) -> None:
        self._predicate = predicate

    def prepare(self, program: Program) -> Decider:
        decider = CompiledEngine().prepare(program)
        return _ForgetfulDecider(decider, self._predicate)


class _ForgetfulDecider:
    def __init__(self, decider: Decider, predicate: str) -> None:
        self.program = decider.program
        self._decider = decider
        self._predicate = predicate

    def decide(self, facts: FactSet) -> Model:
        raise AssertionError("the self-check decides several cases together")

    begin = decide

    def decide_many(self, cases: list[FactSet]) -> list[Model]:
        return [_ForgetfulModel(model, self._predicate) for model in self._decider.decide_many(cases)]

    def rows_only(self, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        return () if predicate == self._predicate else self._decider.rows_only(facts, side, predicate)

    def rows_after(self, _model: Model, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        return self.rows_only(facts, side, predicate)


class _ForgetfulModel:
    def __init__(self, model: Model, predicate: str) -> None:
        self._model = model
        self._predicate = predicate

    def rows(self, side: Side, predicate: str) -> Collection[ModelRow]:
        return () if (side, predicate) == ("zeker", self._predicate) else self._model.rows(side, predicate)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)


def test_one_law_decided_twice_gives_no_fault(cases: list[Case], book: PolicyBook) -> None:
    report = selfcheck.compare(cases, book, (book,))

    assert report.faults == ()
    assert report.cases == len(cases)
    assert report.facts > 500


def test_engines_that_differ_are_found_by_scenario_and_predicate(
    cases: list[Case], book: PolicyBook, policies: PolicySet
) -> None:
    report = selfcheck.compare(cases[:3], book, (PolicyBook(policies, _Forgetful("betreft")),))

    assert report.faults
    assert all("only the first engine has zeker betreft" in fault for fault in report.faults)
    assert {fault.split(": ")[1] for fault in report.faults} <= {case.scenario.id for case in cases[:3]}


def test_parts_beside_each_other_are_the_whole(cases: list[Case], book: PolicyBook, policies: PolicySet) -> None:
    other = PolicyBook(policies, _Forgetful("betreft"))
    first, rest = (selfcheck.compare(part, book, (other,)) for part in (cases[:2], cases[2:6]))
    whole = selfcheck.compare(cases[:6], book, (other,))
    together = first.beside(rest)

    assert (together.cases, together.facts) == (6, whole.facts)
    assert first.faults
    assert rest.faults
    assert len(together.faults) == len(whole.faults)
    assert {fault.partition("(")[0] for fault in together.faults} == {one.partition("(")[0] for one in whole.faults}


def test_in_two_processes_is_the_same_as_in_one(cases: list[Case], book: PolicyBook, policies: PolicySet) -> None:
    broken = PolicyBook(policies, _Forgetful("oordeel"))
    together = selfcheck.begin_in_two(cases, lambda part: selfcheck.oordelen(part, (book, broken)))()

    assert together.cases == len(cases)
    assert sorted(together.faults) == sorted(selfcheck.oordelen(cases, (book, broken)).faults)
    assert together.faults


def test_a_wrong_oordeel_is_found_in_any_book(cases: list[Case], book: PolicyBook, policies: PolicySet) -> None:
    broken = PolicyBook(policies, _Forgetful("oordeel"))
    good, bad = selfcheck.oordelen(cases, (book,)), selfcheck.oordelen(cases, (book, broken))

    assert good.faults == ()
    assert good.facts == sum(len(case.scenario.verwacht) for case in cases)
    assert bad.faults
    assert "got []" in bad.faults[0]


def changed(scenario: Scenario, **values: Any) -> Scenario:
    return replace(scenario, verwacht=tuple(replace(one, **values) for one in scenario.verwacht))


def test_another_expectation_is_a_fault(cases: list[Case], book: PolicyBook) -> None:
    wrong = [Case(changed(cases[0].scenario, oordeel="misschien"), cases[0].casus)]

    for report in (selfcheck.oordelen(wrong, (book,)), selfcheck.compare(wrong, book, (book,))):
        assert len(report.faults) == len(cases[0].scenario.verwacht)
        assert "expected misschien, got ['" in report.faults[0]


def test_as_many_oordelen_are_expected_as_flows_are_asked(cases: list[Case], book: PolicyBook) -> None:
    scenario = cases[0].scenario
    wrong = [Case(replace(scenario, verwacht=scenario.verwacht * 2), cases[0].casus)]

    (fault,) = selfcheck.oordelen(wrong, (book,)).faults
    assert f"{2 * len(scenario.verwacht)} expected, {len(scenario.verwacht)} asked" in fault


def test_the_verdict_is_kept_until_anything_changes(tmp_path: Path, book: PolicyBook) -> None:
    cache = tmp_path / "deep" / "cache"
    first, second = (selfcheck.fingerprint(book, scenarios) for scenarios in ("a", "b"))

    assert first != second
    assert not selfcheck.remembered(cache, first)
    selfcheck.remember(cache, first)
    assert selfcheck.remembered(cache, first)
    assert not selfcheck.remembered(cache, second)


def test_a_cache_that_cannot_be_used_never_fails(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"\xff")

    selfcheck.remember(blocked, "x")
    assert not selfcheck.remembered(blocked, "x")
    (tmp_path / selfcheck.VERDICT_FILE).write_bytes(b"\xff\xff")
    assert not selfcheck.remembered(tmp_path, "x")


@pytest.mark.parametrize("left", ["fifo", "link", "much"])
def test_what_stands_in_the_place_of_the_verdict_is_replaced_and_not_waited_for(tmp_path: Path, left: str) -> None:
    file = tmp_path / selfcheck.VERDICT_FILE
    if left == "fifo":
        os.mkfifo(file)
    elif left == "link":
        file.symlink_to("/dev/zero")
    else:
        file.write_bytes(b"x" * 5000)

    assert not selfcheck.remembered(tmp_path, "x")
    selfcheck.remember(tmp_path, "x")
    assert selfcheck.remembered(tmp_path, "x")
    assert file.is_file()
    assert not file.is_symlink()
    assert [one.name for one in tmp_path.iterdir()] == [selfcheck.VERDICT_FILE]
