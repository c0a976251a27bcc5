"""What in a class of flows depends on the words of the signature, and not only on what is said.

Goes in: the formulas of a class. Comes out: per flow the values that tell it from others of its class.
Must not know: what any word means.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from app.kern.formula import Formulas, Listed, Same
from app.kern.signature import Signature, word_of
from app.kern.terms import Place
from app.lang.ast import Value


class Marks:
    """The leaves of a class that rest on words of the signature, and the words they are compared with.

    `lists`: the predicates whose rows name words of the signature; while a case states none of these, all flows of the
    class have the same values there.
    """

    def __init__(self, formulas: Formulas, roots: Iterable[int]) -> None:
        self._same: list[Same] = []
        self._listed: list[tuple[str, int]] = []
        placed: set[tuple[str, int, Place]] = set()
        named: dict[tuple[str, int], set[Value]] = {}
        for number in sorted(formulas.under(roots)):
            node = formulas[number]
            if isinstance(node, Same):
                self._same.append(node)
            elif isinstance(node, Listed):
                if any(isinstance(one, Place) for one in node.cell.rest):
                    self._listed.append((node.cell.predicate, number))
                for at, one in enumerate(node.cell.rest):
                    if isinstance(one, Place):
                        placed.add((node.cell.predicate, at, one))
                    else:
                        named.setdefault((node.cell.predicate, at), set()).add(one)
        self._words = [(place, frozenset(named.get((predicate, at), ()))) for predicate, at, place in sorted(placed)]
        self.lists = frozenset(predicate for predicate, _ in self._listed)

    def of_signature(self, signature: Signature) -> tuple[object, ...]:
        """Return what tells a signature apart in every case: comparisons of its words, and those the rules name."""
        words = [word_of(place, signature) for place, _ in self._words]
        named = [word if word in others else None for word, (_, others) in zip(words, self._words, strict=True)]
        return (*(word_of(one.place, signature) == word_of(one.other, signature) for one in self._same), *named)

    def of_case(self, value: Callable[[int], int], stated: Collection[str]) -> tuple[int, ...]:
        """Return the values of the leaves about lists that the case states."""
        return tuple([value(number) for predicate, number in self._listed if predicate in stated])
