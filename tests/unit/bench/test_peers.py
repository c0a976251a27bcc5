"""The same four norms in Cedar and in answer set programming give the same yes and no."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from app.advice.question.casus import Casus
from app.composition import Composition, compose
from app.engine.facts import FactSet
from app.kern.decider import KernDecider
from app.lang.program import Program
from app.settings import Settings
from bench.peers import asp, cedar, comparison
from bench.peers.asp import AspNorms
from bench.peers.cedar import CedarNorms
from bench.peers.comparison import KernNorms
from bench.peers.questions import NORMS, SINCE, complete

COUNT = 400


@cache
def law() -> tuple[Composition, Program, list[tuple[Casus, FactSet]]]:
    composed = compose(Settings())
    return composed, composed.book.on(SINCE).program, complete(composed, COUNT)


def test_all_three_permit_the_same_and_each_norm_permits_something() -> None:
    _, program, questions = law()
    ours, policies, answer_sets = KernNorms(KernDecider(program)), CedarNorms(program), AspNorms(program)
    said: Counter[str] = Counter()
    for _, facts in questions:
        found = ours.permitting(facts)
        assert policies.permitting(facts) == found, facts.known
        assert answer_sets.permitting(facts) == found, facts.known
        said.update(found)
    assert min(said[norm] for norm in NORMS) >= 3
    assert sum(said.values()) < COUNT


def test_the_questions_say_all_that_the_norms_read_and_are_the_same_every_time() -> None:
    composed, program, questions = law()
    ours = KernDecider(program)
    for casus, facts in questions:
        assert len(casus.data["delingen"]) == 1
        model = ours.decide(facts)
        open_norms = {str(row[1]) for row in model.rows("mogelijk", "mag")} - {
            str(row[1]) for row in model.rows("zeker", "mag")
        }
        assert not open_norms & {"ALB-1", "VSV-1", "VZM-1"}
    assert [facts for _, facts in complete(composed, 20)] == [facts for _, facts in questions[:20]]


@pytest.mark.parametrize(
    ("rules", "condition"),
    [
        (asp.RULES, ", gewoon(G), doel_van_loopbaanbegeleiding(P),\n                document_ready"),
        (asp.RULES, ", long_absent, not never"),
        (asp.RULES, "not refused, weighed"),
        (cedar.RULES, " context.akkoord_jongere &&"),
        (cedar.RULES, " && !context.startkwalificatie &&\n  (!context.ingeschreven"),
    ],
)
def test_the_comparison_notices_a_condition_that_was_forgotten(
    rules: Path, condition: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    composed, _, questions = law()
    text = rules.read_text(encoding="utf-8")
    kept = {" && !context.startkwalificatie &&\n  (!context.ingeschreven": " &&\n  (!context.ingeschreven"}
    kept |= {"not refused, weighed": "not refused", ", long_absent, not never": ", not never"}
    assert text.count(condition) == 1
    changed = tmp_path / rules.name
    changed.write_text(text.replace(condition, kept.get(condition, "")), encoding="utf-8")
    monkeypatch.setattr(asp if rules == asp.RULES else cedar, "RULES", changed)
    monkeypatch.setattr(comparison, "complete", lambda *_: questions)
    with pytest.raises(AssertionError, match="the peers differ"):
        comparison.report(composed, COUNT, 1)
