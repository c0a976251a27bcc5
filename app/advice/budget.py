"""The time budget of one advice.

Goes in: seconds. Comes out: a check to call now and then, which raises once they have passed.
Must not know: what is done meanwhile, or what the caller is told.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from app.record import record

Check = Callable[[], None]


class TimeUpError(RuntimeError):
    """The time has passed: there is no answer."""


@record
class Budget:
    """Until when something may take; `deadline` is on the clock that never goes back, in seconds."""

    deadline: float

    @classmethod
    def of(cls, seconds: float) -> Budget:
        """Begin a budget of so many seconds."""
        return cls(time.monotonic() + seconds)

    def part(self, seconds: float) -> Budget:
        """Begin a budget of so many seconds, or of what is left when that is less."""
        return Budget(min(self.deadline, time.monotonic() + seconds))

    def check(self) -> None:
        """Raise TimeUpError when the time has passed."""
        if time.monotonic() > self.deadline:
            raise TimeUpError


UNLIMITED: Final = Budget(math.inf)
