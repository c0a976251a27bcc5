"""The sources of one rule, chosen by the words a case has for its variables.

Goes in: sources with the tables they depend on, and the facts of a program. Comes out: the sources to show.
Must not know: how a source is written, or what any table means.

`WEB 9.2.12 bij valt_onder(Opleiding, 'WEB')` is cited where that table holds for this case's opleiding, and also where
nothing is known of it: then the reader sees each source that it could be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.advice.advies import Bron
from app.lang.ast import Atom, Constant, Fact, Rule, Value, Variable
from app.lang.ordering import atom_variables
from app.lang.program import rule_variables

Word = Value | None


class Citation:
    """The sources of a rule, made ready to be chosen."""

    def __init__(self, rule: Rule, cited: Sequence[tuple[Bron, Atom | None]], facts: Iterable[Fact]) -> None:
        self._cited = cited
        conditions = [condition for _, condition in cited if condition is not None]
        names = rule_variables(rule)
        asked = dict.fromkeys(variable.name for one in conditions for variable in atom_variables(one))
        self._places = tuple((name, names.index(name)) for name in asked)
        tables = {one.predicate for one in conditions}
        self._rows: list[tuple[str, tuple[Value, ...]]] = [
            (fact.atom.predicate, tuple(one.value for one in fact.atom.arguments if isinstance(one, Constant)))
            for fact in (facts if tables else ())
            if fact.atom.predicate in tables
        ]
        self._chosen: dict[tuple[Word, ...], tuple[Bron, ...]] = {(): self._choose(())}

    def of(self, values: Sequence[object]) -> tuple[Bron, ...]:
        """The sources for values of the rule's variables, each once; what is no word or number is not known."""
        words = tuple([_word(values[place]) for _, place in self._places])
        found = self._chosen.get(words)
        if found is None:
            found = self._chosen[words] = self._choose(words)
        return found

    def _choose(self, words: tuple[Word, ...]) -> tuple[Bron, ...]:
        known = {name: word for (name, _), word in zip(self._places, words, strict=False) if word is not None}
        return tuple(dict.fromkeys(bron for bron, one in self._cited if one is None or self._holds(one, known)))

    def _holds(self, condition: Atom, known: dict[str, Value]) -> bool:
        wanted = [known.get(one.name) if isinstance(one, Variable) else one.value for one in condition.arguments]
        return any(
            predicate == condition.predicate
            and all(word in (None, value) for word, value in zip(wanted, row, strict=True))
            for predicate, row in self._rows
        )


def _word(value: object) -> Word:
    return value if isinstance(value, str | int) else None
