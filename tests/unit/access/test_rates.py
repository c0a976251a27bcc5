"""Rates: what fits, how long to wait, and that memory stays bounded."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access import rates
from app.access.rates import Rate


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test moves on; it starts at the beginning of a window."""
    clock = [1_200_000_000.0 // 3600 * 3600]
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: clock[0])
    return clock


def test_so_many_fit_and_then_no_more(now: list[float]) -> None:
    rate = Rate("3/minute")

    assert [rate.take("a") for _ in range(3)] == [None] * 3
    assert rate.full("a")
    assert rate.take("a")
    assert rate.take("b") is None


def test_a_refused_call_is_not_counted(now: list[float]) -> None:
    rate = Rate("3/minute")
    rate.take("a", 2)
    assert rate.take("a", 2)

    assert rate.take("a") is None


@pytest.mark.parametrize("limit", ["1/second", "3/minute", "60/minute", "6000/hour"])
@pytest.mark.parametrize(("taken", "elapsed", "times"), [(1.0, 0.0, 1), (1.0, 0.4, 1), (0.5, 1.3, 0.8), (1.0, 1.2, 1)])
def test_who_waits_as_long_as_told_fits(
    now: list[float], limit: str, taken: float, elapsed: float, times: float
) -> None:
    rate = Rate(limit)
    period = rate._item.get_expiry()
    rate.take("a", max(1, int(rate.most * taken)))
    now[0] += period * elapsed
    asked = max(1, int(rate.most * times))
    wait = rate.take("a", asked)
    if wait is None:
        return
    assert wait <= 2 * period + 1

    now[0] += wait
    assert rate.take("a", asked) is None


def test_a_wait_is_not_much_longer_than_needed(now: list[float]) -> None:
    rate = Rate("60/minute")
    rate.take("a", 60)
    now[0] += 60
    wait = rate.take("a", 30)
    assert wait is not None

    now[0] += wait - 3
    assert rate.take("a", 30)


def test_however_many_names_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_NAMES", 10)
    rate = Rate("5/hour")
    for number in range(100):
        rate.take(str(number))

    assert len(rate._names) == 10
    assert len(rate._storage.storage) <= 10
    assert len(rate._storage.expirations) <= 10


def test_however_many_names_each_is_counted_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_NAMES", 10)
    rate = Rate("2/hour")
    rate.take("known")
    for number in range(100):
        assert rate.take(f"outsider {number}") is None
        assert rate.take(f"outsider {number}") is None
        assert number % 5 or rate.take("seen often") in (None, *range(7201))

    assert rate.take("somebody new") is None, "not shut out by what others did"
    assert rate.take("seen often"), "who keeps asking stays known, and counted"


def test_what_no_longer_matters_is_forgotten() -> None:
    rate = Rate("5/second")
    for number in range(50):
        rate.take(str(number))
    deadline = time.monotonic() + 10
    while len(rate._storage.storage) > 2:  # this window's and the one before it
        assert time.monotonic() < deadline
        time.sleep(0.1)
        rate.take("last")

    assert len(rate._storage.locks) <= 2


def test_what_was_counted_too_much_is_given_back(now: list[float]) -> None:
    rate = Rate("10/minute")
    rate.take("a", 10)
    rate.settle("a", -7)

    assert rate.take("a", 7) is None
    assert rate.take("a")


def test_what_happened_already_is_counted_though_it_is_too_often(now: list[float]) -> None:
    rate = Rate("10/minute")
    rate.take("a", 8)
    rate.settle("a", 7)
    wait = rate.take("a")
    assert wait is not None
    assert rate.take("b") is None

    now[0] += wait
    assert rate.take("a") is None, "who waits as long as told fits"


@given(st.lists(st.tuples(st.integers(1, 10), st.integers(-10, 40), st.floats(0, 90)), max_size=12))
def test_a_caller_never_takes_more_than_the_limit_and_what_it_owes(steps: list[tuple[int, int, float]]) -> None:
    """Over all of the time, at most the limit per period, with one period before and one owed."""
    clock = [1_200_000_000.0 // 3600 * 3600]
    begin, taken = clock[0], 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("limits.storage.memory.time.time", lambda: clock[0])
        rate = Rate("10/minute")
        for times, more, wait in steps:
            if rate.take("a", times) is None:
                more = max(-times, more)
                rate.settle("a", more)
                taken += times + min(more, 10)
            clock[0] += wait
    assert taken <= 10 * (3 + (clock[0] - begin) / 60)


def test_who_is_forgotten_owes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_NAMES", 10)
    rate = Rate("5/hour")
    for number in range(100):
        rate.take(str(number))
        rate.settle(str(number), 50)

    assert len(rate._owed) <= 10
