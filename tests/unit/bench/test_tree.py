"""The cost tree: which part a sample counts for, and how samples become a table."""

from __future__ import annotations

import importlib
import signal
import time

import pytest

from bench.tree import PARTS, REST, middle, place_of, sampled, table


@pytest.mark.parametrize(
    ("stack", "part", "module"),
    [
        (
            ["app.kern.evaluate", "app.kern.model", "app.advice.judge", "app.advice.advisor"],
            "judging",
            "app.kern.evaluate",
        ),
        (["app.kern.evaluate", "app.kern.boxes", "app.advice.missing.smallest"], "missing", "app.kern.evaluate"),
        (["app.advice.law.texts", "app.advice.judge"], "texts", "app.advice.law.texts"),
        (["app.advice.reasons.ways", "app.advice.reasons.why_not"], "reasons", "app.advice.reasons.ways"),
        (["app.advice.reasons.paragraph", "app.advice.advisor"], "texts", "app.advice.reasons.paragraph"),
        (["json.decoder", "json", "app.web.reading"], "reading", "app.web.reading"),
        (["app.advice.advisor", "bench.tree"], REST, "app.advice.advisor"),
        (["bench.tree", "__main__"], REST, "outside the project"),
    ],
)
def test_a_sample_counts_for_the_innermost_part(stack: list[str], part: str, module: str) -> None:
    assert place_of(stack) == (part, module)


def test_every_way_in_is_a_module_of_the_project_and_of_one_part_only() -> None:
    ways_in = [name for names in PARTS.values() for name in names]
    assert len(ways_in) == len(set(ways_in))
    for name in ways_in:
        assert importlib.import_module(name).__name__ == name


def test_the_middle_is_around_the_median() -> None:
    costs = [float(number) for number in range(100, 0, -1)]
    assert sorted(costs[place] for place in middle(costs, 0.1)) == [
        46.0,
        47.0,
        48.0,
        49.0,
        50.0,
        51.0,
        52.0,
        53.0,
        54.0,
        55.0,
    ]
    assert middle([3.0]) == [0]


def test_sampling_counts_while_work_goes_on_and_leaves_no_timer() -> None:
    before = signal.getsignal(signal.SIGALRM)
    found = sampled(lambda: sum(range(2000)), 0.2)
    assert found[REST, "outside the project"] > 5
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before
    time.sleep(0.01)  # a timer that was left on would end the process


def test_a_table_has_shares_of_the_whole() -> None:
    lines = table(
        {("judging", "app.kern.model"): 6, ("judging", "app.kern.case"): 2, ("texts", "app.advice.law.texts"): 2}, 0.5
    )
    assert lines[2:] == [
        "| judging | 80% | 0.400 | kern.model 60%, kern.case 20% |",
        "| texts | 20% | 0.100 | advice.law.texts 20% |",
    ]
