"""What the bench measures of the kern: every flow judged, and classes that were not ground before."""

from __future__ import annotations

from app.composition import compose
from app.kern.decider import KernDecider
from app.lang.program import in_force
from app.settings import Settings
from bench.cases import asked
from bench.kern import figures, jobs_of, judge, warm
from bench.twice import COPY, twice


def test_judging_gives_the_oordelen_that_the_advice_gives() -> None:
    composed = compose(Settings())
    cases = asked(composed, 60)
    (jobs,) = jobs_of(composed.book, [cases])
    warm([jobs])
    for one, job in zip(cases, jobs, strict=True):
        found = judge(job).rows("zeker", "oordeel")
        assert sorted(str(oordeel) for _, oordeel in found) == sorted(one.oordelen)


def test_the_figures_tell_first_questions_from_warm_ones() -> None:
    composed = compose(Settings())
    cases = asked(composed, 40)
    first, grounding, model = figures(composed.book, [cases[:20], cases[20:]])
    assert first.note.partition(" of ")[2].startswith("40 casussen")
    assert 0 < int(first.note.partition(" of ")[0]) <= 40
    assert len(grounding.rounds) == 1
    assert model.goal is not None
    assert model.goal.number == 0.03


def test_the_kern_judges_the_copies_of_a_law_with_twice_the_rules() -> None:
    composed = compose(Settings())
    policies = composed.book.policies
    day = policies.boundaries[-1]
    double = KernDecider(twice(in_force(policies.sources, day), policies.vocabulary))
    for (decider, facts), one in zip(
        jobs_of(composed.book, [asked(composed, 20)])[0], asked(composed, 20), strict=True
    ):
        if composed.book.on(one.casus.peildatum) is not composed.book.on(day):
            continue
        found = judge((double, facts))
        expected = judge((decider, facts)).rows("zeker", "oordeel")
        assert set(found.rows("zeker", "oordeel" + COPY)) == set(expected) == set(found.rows("zeker", "oordeel"))
