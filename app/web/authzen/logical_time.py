"""The moment a request is about, as the day on which the law is read.

Goes in: `context.time`. Comes out: a day in the Netherlands. Must not know: requests, or what the day is used for.
"""

from __future__ import annotations

import datetime
import re
from typing import Final
from zoneinfo import ZoneInfo

from app.advice import dates
from app.web.wire import real_date

TIME_SHAPE: Final = "Een tijdstip met tijdzone (RFC 3339), zoals 2026-03-01T09:30:00+01:00."
_HERE: Final = ZoneInfo("Europe/Amsterdam")
# The standard's own examples leave out the seconds, which RFC 3339 does not allow: they are taken too.
_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(?::(?:[0-5][0-9]|60)(?:[.][0-9]{1,20})?)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)


def day_of(time: str) -> int | None:
    """Return the day (yyyymmdd) it is in the Netherlands at a moment with an offset; None when it is no moment.

    >>> day_of("2026-02-28T23:30:00Z"), day_of("2025-06-27T18:03-07:00"), day_of("2026-03-01")
    (20260301, 20250628, None)
    """
    found = _TIME.fullmatch(time)
    if found is None:
        return None
    date, clock, offset = found.groups()
    try:
        moment = datetime.datetime.fromisoformat(f"{date}T{clock}{offset.replace('z', 'Z')}")
        day = moment.astimezone(_HERE).date().isoformat()
    except (ValueError, OverflowError):
        return None
    return dates.number(day) if real_date(day) else None
