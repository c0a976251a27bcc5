"""Rates: how often something may happen under one name.

Goes in: a name and how many times at once. Comes out: how long to wait, or None for "go on".
Must not know: who is behind a name.

A sliding counter of `limits`, in the memory of this process. Not its moving window: that remembers every call of
every name (861 KiB for one caller at 6,000 a minute) and never forgets a name; the counter keeps two numbers per name
and drops them when they no longer matter.

Each name is counted for itself, however many there are: names counted together would let whoever brings many names
shut out everybody else.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Final

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

MOST_NAMES: Final = 2000
"""Of more names than this the one that asked longest ago is forgotten: memory stays bounded."""
_ROUNDING: Final = 0.001


class Rate:
    """How often, such as "600/minute", for each name apart."""

    def __init__(self, text: str) -> None:
        """ValueError for a text that says no rate."""
        self._item = parse(text)
        self._storage = MemoryStorage()
        self._limiter = SlidingWindowCounterRateLimiter(self._storage)
        self._names: OrderedDict[str, None] = OrderedDict()
        self._owed: dict[str, int] = {}

    @property
    def most(self) -> int:
        """How many times at once are possible at all."""
        return self._item.amount

    def take(self, name: str, times: int = 1) -> int | None:
        """Count; or, when that would be too often, count nothing and return the seconds to wait (1 or more)."""
        self._remember(name)
        if name in self._owed and (owed := self._pay(name)):
            return self._wait(name, min(owed + times, self.most))
        return None if self._limiter.hit(self._item, name, cost=times) else self._wait(name, times)

    def settle(self, name: str, times: int) -> None:
        """Count what has happened already, though it be too often, or give back what was counted (below 0).

        What does not fit is owed: nothing more happens under this name until it fits. At most `most` is owed.
        """
        if times < 0:
            self._limiter.hit(self._item, name, cost=times)
        elif times > 0:
            self._remember(name)
            self._owed[name] = min(self._owed.get(name, 0) + times, self.most)
            self._pay(name)

    def full(self, name: str) -> int | None:
        """Return the seconds to wait when once more would be too often, without counting."""
        return None if self._limiter.test(self._item, name) else self._wait(name, 1)

    def _remember(self, name: str) -> None:
        names = self._names
        names[name] = None
        names.move_to_end(name)
        if len(names) > MOST_NAMES:
            forgotten, _ = names.popitem(last=False)
            self._limiter.clear(self._item, forgotten)
            self._owed.pop(forgotten, None)

    def _pay(self, name: str) -> int:
        """Count as much of what is owed as fits now; returns what is still owed."""
        fits = min(self._owed[name], self._limiter.get_window_stats(self._item, name).remaining)
        if fits and self._limiter.hit(self._item, name, cost=fits):
            self._owed[name] -= fits
        owed = self._owed[name]
        if not owed:
            del self._owed[name]
        return owed

    def _wait(self, name: str, times: int) -> int:
        """When nothing else is counted, so many fit again after this many seconds.

        The counter weighs the window before this one by how much of it still counts, and leaves out the fraction.
        """
        period = self._item.get_expiry()
        before, before_left, now, left = self._storage.get_sliding_window(self._item.key_for(name), period)
        room = self.most - times + 1
        if now < room:
            seconds = before_left - (room - now) * period / max(before, 1)
        else:
            this_window = left - period
            seconds = this_window + period * (1 - room / now)
        return max(1, math.floor(seconds + _ROUNDING) + 1)
