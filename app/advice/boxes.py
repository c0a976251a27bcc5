"""Boxes: sets of answers that together settle something, kept as few as they can be.

Goes in: boxes, each a mapping from open facts to the values that help. Comes out: their conjunction or
union, without boxes that another one makes superfluous.
Must not know: rules, or why a value helps.

A tuple of boxes is a disjunction: any one of them settles the matter. () can never be settled; a box
without items is settled already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.advice.answers import Allowed, Box, Choice, Entries, Interval, Item

Boxes = tuple[Box, ...]
SETTLED: Boxes = ({},)
NEVER: Boxes = ()


def both(left: Boxes, right: Boxes) -> Boxes:
    """All ways to settle both."""
    if left == SETTLED or not right:
        return right
    if right == SETTLED or not left:
        return left
    found = [joined for one in left for other in right if (joined := join(one, other)) is not None]
    return minimal(found) if len(found) > 1 else tuple(found)


def either(boxes: Iterable[Box]) -> Boxes:
    """All ways to settle at least one."""
    found = list(boxes)
    return minimal(found) if len(found) > 1 else tuple(found)


def join(left: Box, right: Box) -> Box | None:
    """The answers that settle both boxes at once; None when no answer does."""
    result = dict(left)
    for item, allowed in right.items():
        if (already := result.get(item)) is None:
            result[item] = allowed
        elif already is not allowed and already != allowed:
            if (narrowed := _intersection(already, allowed)) is None:
                return None
            result[item] = narrowed
    return result


def minimal(boxes: Iterable[Box]) -> Boxes:
    """Merge boxes that differ in one item and drop those that another box contains."""
    kept: list[Box] = []
    for box in sorted(boxes, key=len):
        if not box:
            return SETTLED
        if not any(_contains(other, box) for other in kept):
            kept.append(box)
    while (pair := _joinable(kept)) is not None:
        index, later, united = pair
        rest = [other for at, other in enumerate(kept) if at not in (index, later)]
        kept = [other for other in rest if not _contains(united, other)] + [united]
    kept.sort(key=len)
    return tuple(kept)


def _joinable(boxes: Sequence[Box]) -> tuple[int, int, Box] | None:
    """The first two boxes that one box can replace, by their places, and that box."""
    alike: dict[frozenset[Item], list[int]] = {}
    for place, box in enumerate(boxes):
        alike.setdefault(frozenset(box), []).append(place)
    if len(alike) == len(boxes):
        return None
    groups = [alike[frozenset(box)] for box in boxes]
    for index, box in enumerate(boxes):
        for later in groups[index]:
            if later > index and (united := _united(box, boxes[later])) is not None:
                return index, later, united
    return None


def without(box: Box, wrong: Box) -> Box | None:
    """Narrow a box so that it has nothing in common with a wrong one; None when nothing is left.

    Only a box that answers everything the wrong one asks can be wrong; it loses the wrong values of the
    first item that has others.
    """
    if any(item not in box for item in wrong) or join(box, wrong) is None:
        return box
    for item, bad in wrong.items():
        rest = _difference(box[item], bad)
        if rest is not None:
            return {**box, item: rest}
    return None


def _contains(large: Box, small: Box) -> bool:
    """Whether every answer that fits the small box fits the large one."""
    for item, allowed in large.items():
        other = small.get(item)
        if other is None or (other is not allowed and other != allowed and not _within(other, allowed)):
            return False
    return True


def _united(left: Box, right: Box) -> Box | None:
    """One box for two about the same items, if these differ in a single one whose values can be joined; else None."""
    different: Item | None = None
    for item, allowed in left.items():
        other = right[item]
        if allowed is not other and allowed != other:
            if different is not None:
                return None
            different = item
    if different is None:
        return left
    union = _union(left[different], right[different])
    return None if union is None else {**left, different: union}


def _intersection(left: Allowed, right: Allowed) -> Allowed | None:
    match left, right:
        case Choice(one), Choice(other):
            return Choice(one & other) if one & other else None
        case Interval(low, high), Interval(other_low, other_high):
            lows = [limit for limit in (low, other_low) if limit is not None]
            highs = [limit for limit in (high, other_high) if limit is not None]
            narrowed = Interval(max(lows, default=None), min(highs, default=None))
            empty = lows and highs and max(lows) > min(highs)
            return None if empty else narrowed
        case Entries(held, barred), Entries(other_held, other_barred):
            held, barred = held | other_held, barred | other_barred
            return None if held & barred else Entries(held, barred)
    return None


def _within(small: Allowed, large: Allowed) -> bool:
    match small, large:
        case Choice(one), Choice(other):
            return one <= other
        case Interval(low, high), Interval(other_low, other_high):
            return (other_low is None or (low is not None and low >= other_low)) and (
                other_high is None or (high is not None and high <= other_high)
            )
        case Entries(held, barred), Entries(other_held, other_barred):
            return held >= other_held and barred >= other_barred
    return False


def _union(left: Allowed, right: Allowed) -> Allowed | None:
    match left, right:
        case Choice(one), Choice(other):
            return Choice(one | other)
        case Interval(low, high), Interval(other_low, other_high):
            (low, high), (other_low, other_high) = sorted(
                [(low, high), (other_low, other_high)], key=lambda ends: _start(ends[0])
            )
            if high is not None and high + 1 < _start(other_low):
                return None
            return Interval(low, None if high is None or other_high is None else max(high, other_high))
    return None


def _difference(allowed: Allowed, wrong: Allowed) -> Allowed | None:
    match allowed, wrong:
        case Choice(values), Choice(bad):
            return Choice(values - bad) if values - bad else None
        case Interval(low, high), Interval(bad_low, bad_high):
            if bad_low is not None and (low is None or low < bad_low):
                return Interval(low, bad_low - 1)
            if bad_high is not None and (high is None or high > bad_high):
                return Interval(bad_high + 1, high)
    return None


def _start(low: int | None) -> int:
    return -1 if low is None else low
