"""The rehearsal: every scenario asked and held to what it states, also where nothing is answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.composition import Composition, compose
from app.rehearsal import rehearse
from app.settings import Settings
from app.store.scenarios import Scenario
from app.web.desk import Desk


@pytest.fixture(scope="module")
def composed() -> Composition:
    return compose(Settings(log_url="geen"))


def find(composed: Composition, *, refused: bool) -> Scenario:
    return next(one for one in composed.scenarios if (one.fout is not None) is refused and (refused or one.verwacht))


def test_what_is_stated_is_held(composed: Composition) -> None:
    answered, refused = find(composed, refused=False), find(composed, refused=True)
    assert rehearse(composed.desk, (answered, refused)) == ()

    wrong = replace(answered, verwacht=tuple(replace(one, norm="FOO-9") for one in answered.verwacht))
    found = rehearse(composed.desk, (wrong,))
    assert any("`FOO-9` is not a word of norm" in one for one in found)
    assert any("norm: expected FOO-9, got [" in one for one in found)


def test_a_refusal_is_of_the_field_that_is_named(composed: Composition) -> None:
    answered, refused = find(composed, refused=False), find(composed, refused=True)

    (other,) = rehearse(composed.desk, (replace(refused, fout="kenmerk_"),))
    assert "expected a refusal of kenmerk_, refused: " in other
    (none,) = rehearse(composed.desk, (replace(refused, fout=None),))
    assert f"expected an answer, refused: {refused.fout}" in none
    (much,) = rehearse(composed.desk, (replace(answered, fout="kenmerk", verwacht=()),))
    assert "expected a refusal of kenmerk, refused: nothing" in much


def test_a_question_on_which_we_fail_is_a_fault_with_its_place(
    composed: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("een feit")

    monkeypatch.setattr(Desk, "answer_value", fail)
    (found,) = rehearse(composed.desk, (find(composed, refused=False),))

    assert "no answer: KeyError at " in found
    assert "een feit" not in found
