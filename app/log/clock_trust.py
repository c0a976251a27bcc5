"""Whether the clock can be right: a clock that ran ahead would make every record old enough to purge.

Goes in: the time, and the records. Comes out: nothing, or a ClockFault with the reason. Must not know: what is purged.

The time is held to the newest records. When it is far past all of them, or the newest ones are far past the rest, the
clock jumped, or nobody asked anything for long: only a person can tell, or time. Records that go on for as long as
the jump may be prove the clock.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select

from app.database.faults import DatabaseFault
from app.database.tables import besluit

DAY_MS: Final = 86_400_000
MOST_DAYS: Final = 31
"""A jump of more days than this, or than half the period that records are kept, is implausible; never less than a
day."""


class ClockFault(DatabaseFault):
    """The clock is implausible, so nothing was purged; the message says why, and what to do."""


def hold_clock(connection: Connection, days: int, now_ms: int) -> None:
    """Hold the time to the records; raises ClockFault. `days`: how long records are kept."""
    most = max(DAY_MS, min(MOST_DAYS * DAY_MS, days * DAY_MS // 2))
    begin, nr = besluit.c.begin_ms, besluit.c.nr
    settled = connection.execute(select(begin, nr).where(begin <= now_ms - most).order_by(nr.desc()).limit(1)).first()
    if settled is None:
        return
    # Of the records after it each is younger; the oldest of them shows how far the clock jumped.
    after = connection.execute(select(func.min(begin)).where(nr > settled.nr)).scalar()
    jump = (now_ms if after is None else after) - settled.begin_ms
    if jump > most:
        what = "the clock is" if after is None else "the newest records are"
        raise ClockFault(
            f"not purged: {what} {jump // DAY_MS} days past the record before, more than {most // DAY_MS}; "
            "set the clock right, or when it is: `deelwijzer log purge --klok-klopt`"
        )
