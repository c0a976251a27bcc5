"""The parts of the bench that could tell a lie: casussen, figures, the load's reading, twice the rules."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from app.composition import compose
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.lang.program import SourceText
from app.settings import Settings
from bench.cases import asked, canonical, mix, questions
from bench.load import answer_length, request
from bench.measure import Figure, Goal, per_case, percentile, table
from bench.twice import COPY, twice
from tests.unit.engine.small_law import METADATA, small_vocabulary


def test_casussen_are_distinct_advised_and_the_same_every_time() -> None:
    composed = compose(Settings())
    found = asked(composed, 700)
    assert len({one.raw for one in found}) == 700
    assert found[:40] == asked(composed, 40)
    assert len(mix(found)) == 4
    assert sum(mix(found).values()) == sum(len(one.oordelen) for one in found) >= 700


def test_changed_questions_leave_the_scenarios_as_they_are() -> None:
    composed = compose(Settings())
    own: list[dict[str, Any]] = [dict(one.vraag) for one in composed.scenarios if "delingen" in one.vraag][:5]
    before = [canonical(one) for one in own]
    changed = list(islice(questions(own, composed.book.policies.vocabulary), 200))
    assert [canonical(one) for one in own] == before
    assert len({canonical(one) for one in changed}) > 100


@pytest.mark.parametrize(
    ("rounds", "goal", "verdict"),
    [
        ((1.0, 2.0, 3.0), Goal("<=", 2), "reached"),
        ((1.0, 2.0, 3.0), Goal("<=", 1), "best round only"),
        ((1.0, 2.0, 3.0), Goal("<=", 0.5), "NOT reached"),
        ((30.0, 50.0, 60.0), Goal(">=", 40), "reached"),
        ((30.0, 35.0, 60.0), Goal(">=", 40), "best round only"),
        ((30.0,), Goal(">=", 40), "NOT reached"),
        ((30.0,), None, ""),
    ],
)
def test_a_goal_is_reached_by_the_median_round(rounds: tuple[float, ...], goal: Goal | None, verdict: str) -> None:
    assert Figure("x", "ms", rounds, goal).verdict == verdict


def test_a_line_shows_median_extremes_goal_and_verdict() -> None:
    head, line = table([Figure("Model", "ms", (0.3, 0.1, 0.2), Goal("<=", 0.1), "a note")])
    assert head.split() == ["median", "min", "max", "goal"]
    assert line.split() == ["Model", "0.200", "0.100", "0.300", "ms", "<=", "0.1", "best", "round", "only", "a", "note"]


def test_every_case_of_every_round_is_done_once() -> None:
    done: list[int] = []
    figure = per_case("x", done.append, [[1, 2], [3, 4]])
    assert done == [1, 2, 3, 4]
    assert len(figure.rounds) == 2


def test_percentiles() -> None:
    assert percentile([5.0], 99) == percentile([5.0], 50) == 5.0
    assert percentile(range(1, 1001), 99) == 990
    assert percentile([3, 1, 2], 50) == 2


def test_an_answer_is_as_long_as_its_head_says() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nx: y\r\n\r\nbody"
    assert answer_length(whole) == len(whole) == answer_length(whole[:-4])
    assert answer_length(whole[:30]) is None
    with pytest.raises(ValueError, match="without a length"):
        answer_length(b"HTTP/1.1 200 OK\r\nx: y\r\n\r\n")
    assert request("/p", b"{}").endswith(b"content-length: 2\r\n\r\n{}")


def test_twice_the_rules_derive_everything_twice() -> None:
    rules = ("p(C, J) <= jaar(C, J) & ~q(C)", "q(C) <= wil(C, 'ja')")
    source = SourceText("klein.dl", "+ warm('rood')\n\n" + "\n\n".join(METADATA + rule for rule in rules))
    vocabulary = small_vocabulary(("p", "casus getal", "uitkomst", ""), ("q", "casus", "afgeleid", ""))
    program = twice([source], vocabulary)
    assert len(program.rules) == 4
    assert len(program.facts) == 1
    model = CompiledEngine().prepare(program).decide(FactSet({"jaar": (("c", 4),), "wil": (("c", "nee"),)}, {}))
    assert set(model.rows("zeker", "p" + COPY)) == set(model.rows("zeker", "p")) == {("c", 4)}
