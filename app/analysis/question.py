"""An example of the analysis as a question that can be posted.

Goes in: an `Example` and the vocabulary, whose fields say where each fact stands in the JSON. Comes out: the question.
Must not know: any field or predicate by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.advice import dates
from app.advice.question.form import YES_NO
from app.kern.example import Example
from app.kern.shape import Shape
from app.kern.terms import Cell, Key
from app.lang.ast import Value
from app.lang.vocabulary import InputField, Vocabulary

Json = dict[str, Any]


def question_of(one: Example, vocabulary: Vocabulary, shape: Shape) -> Json:
    """Write an example as a question: the flow, and what is said of the case, the flow and each recorded entry."""
    return _Writer(one, vocabulary, shape).question()


class _Writer:
    def __init__(self, one: Example, vocabulary: Vocabulary, shape: Shape) -> None:
        self._one = one
        self._vocabulary = vocabulary
        self._shape = shape
        fields = tuple(reversed(vocabulary.fields))
        self._fields = {field.also: field for field in fields if field.also}
        self._fields |= {field.predicate: field for field in fields if field.predicate}
        self._paths = {field.path for field in vocabulary.fields}

    def question(self) -> Json:
        one, root = self._one, Json()
        lists: dict[Key, tuple[str, list[Json]]] = {}
        if self._shape.flow is not None:
            lists[self._shape.flow_key] = self._entries(self._shape.flow, 1)
        for domain, name in self._shape.entries.items():
            path, entries = self._entries(name, one.entries.get(name, 0))
            if entries:
                lists |= {Key(domain, at): (path, entries) for at in range(len(entries))}
        for path, entries in lists.values():
            _put(root, path.split("."), entries)
        for cell, value in (*one.words.items(), *one.numbers.items()):
            self._state(root, lists, cell, value)
        for (predicate, _), rows in one.lists.items():
            field = self._fields[predicate]
            _put(root, field.path.removesuffix("[]").split("."), self._rows(field, sorted(rows, key=str)))
        ordered: Json = self._in_order(root, "")
        return ordered

    def _entries(self, predicate: str, count: int) -> tuple[str, list[Json]]:
        """The list of a predicate that states flows or entries, each with the words of the signature."""
        field = self._fields[predicate]
        words = zip(field.arguments[2:], self._one.signature, strict=True)
        entry = {name.removesuffix("[]"): [word] if name.endswith("[]") else word for name, word in words}
        return field.path.removesuffix("[]"), [dict(entry) for _ in range(count)]

    def _state(self, root: Json, lists: Mapping[Key, tuple[str, list[Json]]], cell: Cell, value: Value) -> None:
        field = self._fields[cell.predicate]
        path, of = field.path, root
        if cell.key in lists:
            start, entries = lists[cell.key]
            path, of = path.removeprefix(f"{start}[]."), entries[cell.key.number]
        steps = path.split(".")
        said = self._said(cell, value)
        if path.endswith("{}"):  # a map about the one item of the flow
            item = next(word for word in self._one.signature if word in self._items(field))
            steps, said = [*steps[:-1], steps[-1].removesuffix("{}")], {str(item): said}
        _put(of, steps, said)

    def _items(self, field: InputField) -> Sequence[str]:
        """The words that can be a name in a map: those of the list of items beside it."""
        lists = [one for one in self._vocabulary.fields if one.path.endswith("[]") and one.predicate is None]
        near = next(one for one in lists if one.path.split(".")[0] == field.path.split(".")[0])
        return self._vocabulary.domains[near.domain].values

    def _said(self, cell: Cell, value: Value) -> Any:
        domain = self._vocabulary.domain_of(cell.predicate, 1)
        if domain.name == YES_NO:
            return value == "ja"
        return dates.iso(int(value)) if domain.kind == "datum" else value

    def _rows(self, field: InputField, rows: Iterable[tuple[Value, ...]]) -> list[Any]:
        names = field.arguments[1:]
        if names == ("zelf",):
            return [row[0] for row in rows]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _in_order(self, value: Any, prefix: str) -> Any:
        """Put the names of an object in the order of the fields."""
        if isinstance(value, list):
            return [self._in_order(one, prefix) for one in value]
        if not isinstance(value, dict):
            return value
        order = [field.path for field in self._vocabulary.fields]

        def place(name: str) -> int:
            start = f"{prefix}{name}"
            return next((at for at, path in enumerate(order) if path.startswith(start)), len(order))

        inner = {
            name: f"{prefix}{name}[]." if isinstance(one, list) else f"{prefix}{name}." for name, one in value.items()
        }
        return {name: self._in_order(value[name], inner[name]) for name in sorted(value, key=place)}


def _put(of: Json, steps: Sequence[str], value: Any) -> None:
    for step in steps[:-1]:
        of = of.setdefault(step, {})
    of[steps[-1]] = value
