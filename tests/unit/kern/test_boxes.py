"""Sets of answers: together, either, and as few as can be."""

from __future__ import annotations

from app.kern.accepted import Choice, Entries, Interval, Item
from app.kern.boxes import NEVER, SETTLED, both, either, join, minimal, without

A: Item = ("a", "c")
B: Item = ("b", "c")


def words(*values: str) -> Choice:
    return Choice(frozenset(values))


def test_settled_and_never_behave_as_true_and_false() -> None:
    box = ({A: words("x")},)
    assert both(SETTLED, box) == box == both(box, SETTLED)
    assert both(NEVER, box) == NEVER == both(box, NEVER)
    assert either([*box, {}]) == SETTLED


def test_a_box_with_more_to_answer_gives_way_to_one_with_less() -> None:
    assert minimal([{A: words("x"), B: words("y")}, {A: words("x", "z")}]) == ({A: words("x", "z")},)
    kept = minimal([{A: words("x"), B: words("y")}, {A: words("z")}])
    assert {frozenset(box) for box in kept} == {frozenset({A}), frozenset({A, B})}


def test_boxes_that_differ_in_one_item_become_one() -> None:
    merged = minimal([{A: words(word), B: words("y")} for word in "xyz"])
    assert merged == ({A: words("x", "y", "z"), B: words("y")},)
    assert len(minimal([{A: words("x"), B: words("y")}, {A: words("z"), B: words("w")}])) == 2


def test_intervals_join_where_they_touch() -> None:
    assert minimal([{A: Interval(None, 15)}, {A: Interval(16, None)}]) == ({A: Interval(None, None)},)
    assert len(minimal([{A: Interval(None, 14)}, {A: Interval(16, None)}])) == 2
    assert minimal([{A: Interval(20, 30)}, {A: Interval(10, 25)}]) == ({A: Interval(10, 30)},)


def test_joining_narrows_or_fails() -> None:
    assert join({A: Interval(12, None)}, {A: Interval(None, 26)}) == {A: Interval(12, 26)}
    assert join({A: Interval(27, None)}, {A: Interval(None, 26)}) is None
    assert join({A: words("x", "y")}, {A: words("y", "z")}) == {A: words("y")}
    assert join({A: words("x")}, {A: words("y")}) is None
    row, other = frozenset({("x",)}), frozenset({("y",)})
    assert join({A: Entries(row, frozenset())}, {A: Entries(frozenset(), other)}) == {A: Entries(row, other)}
    assert join({A: Entries(row, frozenset())}, {A: Entries(frozenset(), row)}) is None


def test_wrong_answers_are_taken_out() -> None:
    assert without({A: words("x", "y")}, {A: words("x")}) == {A: words("y")}
    assert without({A: words("x")}, {A: words("x")}) is None
    assert without({A: Interval(10, None)}, {A: Interval(20, None)}) == {A: Interval(10, 19)}
    assert without({A: Interval(None, 30)}, {A: Interval(None, 20)}) == {A: Interval(21, 30)}
    assert without({A: words("x")}, {A: words("x"), B: words("y")}) == {A: words("x")}, "B stays open"
