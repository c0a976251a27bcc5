"""What the space of cases and the reader of questions must agree on."""

from __future__ import annotations

from app.advice import dates
from app.kern import space
from app.web import wire


def test_a_case_has_the_dates_that_a_question_can_hold() -> None:
    assert dates.iso(space.FIRST_DAY) == wire.FIRST_DAY
    assert dates.iso(space.LAST_DAY) == wire.LAST_DAY
