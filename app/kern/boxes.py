"""Boxes: sets of answers that together settle something, kept as few as they can be.

Goes in: boxes, each a mapping from open facts to the values that help. Comes out: their conjunction or
union, without boxes that another one makes superfluous.
Must not know: rules, or why a value helps.

A tuple of boxes is a disjunction: any one of them settles the matter. () can never be settled; a box
without items is settled already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.kern.accepted import Allowed, Item, difference, intersection, union, within

Box = Mapping[Item, Allowed]
"""Answers that together settle something: per item the values that do."""
Boxes = tuple[Box, ...]
SETTLED: Boxes = ({},)
NEVER: Boxes = ()


def both(left: Boxes, right: Boxes, most: int | None = None) -> Boxes:
    """All ways to settle both, with at most so many answers."""
    if not left or not right:
        return NEVER
    if not left[0]:  # what is settled is one box without items
        return right
    if not right[0]:
        return left
    if _items_of(left).isdisjoint(_items_of(right)):
        # Answers to other facts: no box can contain another, nor be united with it.
        apart: list[Box] = [{**one, **other} for one in left for other in right]
        return tuple(sorted((box for box in apart if most is None or len(box) <= most), key=len))
    found = [joined for one in left for other in right if (joined := join(one, other)) is not None]
    if most is not None:
        found = [box for box in found if len(box) <= most]
    return minimal(found) if len(found) > 1 else tuple(found)


def _items_of(boxes: Boxes) -> frozenset[Item]:
    return frozenset().union(*boxes)


def either(boxes: Iterable[Box]) -> Boxes:
    """All ways to settle at least one."""
    found = list(boxes)
    return minimal(found) if len(found) > 1 else tuple(found)


def join(left: Box, right: Box) -> Box | None:
    """The answers that settle both boxes at once; None when no answer does."""
    result = {**left, **right}
    if len(result) < len(left) + len(right):
        for item, allowed in left.items():
            other = right.get(item)
            if other is not None and other is not allowed and other != allowed:
                if (narrowed := intersection(allowed, other)) is None:
                    return None
                result[item] = narrowed
    return result


def minimal(boxes: Iterable[Box]) -> Boxes:
    """Merge boxes that differ in one item and drop those that another box contains."""
    kept: list[Box] = []
    for box in sorted(boxes, key=len):
        if not box:
            return SETTLED
        for other in kept:
            if other.keys() <= box.keys() and _contains(other, box):
                break
        else:
            kept.append(box)
    while (pair := _joinable(kept)) is not None:
        index, later, united = pair
        rest = [other for at, other in enumerate(kept) if at not in (index, later)]
        kept = [one for one in rest if not (united.keys() <= one.keys() and _contains(united, one))] + [united]
    kept.sort(key=len)
    return tuple(kept)


def _joinable(boxes: Sequence[Box]) -> tuple[int, int, Box] | None:
    """The first two boxes that one box can replace, by their places, and that box."""
    alike: dict[frozenset[Item], list[int]] = {}
    for at, box in enumerate(boxes):
        alike.setdefault(frozenset(box), []).append(at)
    if len(alike) == len(boxes):
        return None
    for index, box in enumerate(boxes):
        for later in alike[frozenset(box)]:
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
        rest = difference(box[item], bad)
        if rest is not None:
            return {**box, item: rest}
    return None


def _contains(large: Box, small: Box) -> bool:
    """Whether every answer that fits the small box fits the large one, which asks about no other facts."""
    for item, allowed in large.items():
        other = small[item]
        if other is not allowed and other != allowed and not within(other, allowed):
            return False
    return True


def _united(left: Box, right: Box) -> Box | None:
    """One box for two about the same items, if they differ in a single one whose values can be joined; else None."""
    different: Item | None = None
    for item, allowed in left.items():
        other = right[item]
        if allowed is not other and allowed != other:
            if different is not None:
                return None
            different = item
    if different is None:
        return left
    joined = union(left[different], right[different])
    return None if joined is None else {**left, different: joined}
