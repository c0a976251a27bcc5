"""Classes of flows: kept in two generations, so that classes in use stay and memory has a bound."""

from __future__ import annotations

from itertools import product

import pytest

from app.kern import classes
from app.kern.classes import Classes
from app.kern.signature import Signature
from tests.unit.kern.small import small_ground

MOST = 3


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Classes:
    monkeypatch.setattr(classes, "MOST_SIGNATURES", MOST)
    return Classes(small_ground())


@pytest.fixture
def asked(kept: Classes) -> list[Signature]:
    words = [kept.ground.program.vocabulary.domain_of("deling", at).values for at in (2, 3)]
    found: list[Signature] = list(product(*words))
    assert len(found) > 2 * MOST
    return found


def test_a_class_that_is_asked_for_again_and_again_is_made_once(kept: Classes, asked: list[Signature]) -> None:
    first, *others = asked
    flow = kept.flow(first, {})
    for one in others:
        kept.flow(one, {})
        assert kept.flow(first, {}) is flow


def test_no_more_than_two_generations_are_kept(kept: Classes, asked: list[Signature]) -> None:
    for one in (*asked, *asked):
        kept.flow(one, {})
        assert len(kept._young.known) <= MOST
        assert len(kept._old.known) <= MOST


def test_whichever_classes_were_asked_for_before_the_rows_are_the_same(kept: Classes, asked: list[Signature]) -> None:
    for one in (*asked, *reversed(asked)):
        alone = Classes(small_ground()).flow(one, {})
        found = kept.flow(one, {})
        assert {name: set(rows.rows) for name, rows in found.relations.items()} == {
            name: set(rows.rows) for name, rows in alone.relations.items()
        }
