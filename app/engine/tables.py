"""Where generated code finds the rows of a relation: names of tables, indexes and sets.

Goes in: the relations of a doubled program and, per read, which arguments are bound. Comes out: the
Python expression for that read, and afterwards the lines that build what the reads asked for.
Must not know: rules, or how one read follows another.

For relation number n: `r` its rows, `s` a set of them, `i…` an index on some arguments, `u` the keys
about which nothing was said, `a` all rows with the open ones spelled out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from app.engine.doubled import Doubled, Relation, relation_name
from app.engine.model import ModelRow, ModelValue
from app.engine.unknown import Unknown
from app.lang.ast import Atom, Value

Pattern = tuple[int, ...]
"""The places (0-based) of the arguments that are bound when a relation is read."""
FEW = 2
"""A table with more rows than this is looked up, not walked, where a rule has the choice."""
Spread = Callable[[Value], Sequence[ModelRow]]


class Tables:
    """The names of everything the generated function of one program keeps."""

    def __init__(self, doubled: Doubled, computed: Iterable[str], fixed: Mapping[str, Collection[ModelRow]]) -> None:
        """`computed` are the relations the function fills; `fixed` those it can read as constants."""
        self.doubled = doubled
        self.computed = frozenset(computed)
        self.fixed = fixed
        self.constants: dict[str, object] = {"NOTHING": {}, **{made.__name__: made for made in SPREADERS}}
        self._number = {name: number for number, name in enumerate(doubled.relations)}
        self._indexes: dict[str, dict[Pattern, None]] = defaultdict(dict)
        self._structures: dict[str, dict[str, None]] = defaultdict(dict)

    def rows(self, name: str) -> str:
        """The variable that holds the rows of a relation the function fills or is given."""
        return f"r{self._number[name]}"

    def test(self, name: str, terms: Sequence[str]) -> str:
        """The expression for: this very row holds."""
        relation, row = self.doubled.relations[name], tuple_text(terms)
        if name in self.fixed:
            return f"{row} in {self._fixed(name)}"
        if name in self.computed:
            found = f"{row} in {self.rows(name)}"
        else:
            found = f"{row} in {self._structure(self._known(relation), 's')}"
        if relation.possible_input:
            return f"({terms[0]} in {self._structure(name, 'u')} or {found})"
        return found

    def scan(self, name: str, pattern: Pattern, terms: Sequence[str]) -> str:
        """The expression for: all rows whose bound arguments (at `pattern`) are `terms`."""
        relation = self.doubled.relations[name]
        if name in self.fixed:
            if not pattern:
                return self._fixed(name)
            return f"{self._fixed_index(name, pattern)}.get({_key(terms)}, ())"
        if relation.possible_input:
            return self._scan_open(relation, pattern, terms)
        known = name if name in self.computed else self._known(relation)
        return self._lookup(known, pattern, terms) if pattern else self.rows(known)

    def walk(self, atom: Atom) -> int:
        """How unwise it is to go through all rows of a relation: a case has few, the law's tables have many."""
        if atom.predicate in self.fixed:
            return 1 if len(self.fixed[atom.predicate]) > FEW else 0
        return 2 if self.doubled.relations[atom.predicate].possible_input else 0

    def keys(self, name: str) -> str:
        """The index of a computed relation on its first argument, to test keys against."""
        return self._index(name, (0,))

    def loads(self, names: Iterable[str]) -> Iterator[str]:
        """The lines that fetch a case's input and build what the reads asked of it."""
        inputs = dict.fromkeys(
            self._known(relation)
            for relation in map(self.doubled.relations.__getitem__, names)
            if relation.name not in self.computed and relation.name not in self.fixed
        )
        for name in inputs:
            rows = self.rows(name)
            yield f"{rows} = known.get({self.doubled.relations[name].predicate.name!r}, ())"
            extra = [f"    if len({rows}) > 1: {rows} = tuple(dict.fromkeys({rows}))"]
            empty = []
            if "s" in self._structures[name]:
                empty.append(f"s{rows[1:]}")
                extra.append(f"    {empty[0]} = frozenset({rows}) if len({rows}) > 2 else {rows}")
            yield from self._index_lines(rows, rows[1:], self._indexes[name], extra=extra, empty=empty)
        for name in names:
            if name not in self.computed:
                yield from self._open_lines(self.doubled.relations[name])

    def finish(self, name: str) -> Iterator[str]:
        """The lines that index a relation once it is filled."""
        yield from self._index_lines(self.rows(name), self.rows(name)[1:], self._indexes[name])
        yield from self._open_lines(self.doubled.relations[name])

    def _known(self, relation: Relation) -> str:
        """The relation under whose name the given rows of an input predicate are kept."""
        return relation_name("zeker", relation.predicate.name) if relation.origin == "open" else relation.name

    def _fixed(self, name: str) -> str:
        constant = f"c{self._number[name]}"
        self.constants.setdefault(constant, dict.fromkeys(self.fixed[name]))
        return constant

    def _fixed_index(self, name: str, pattern: Pattern) -> str:
        constant = f"c{self._number[name]}_{'_'.join(map(str, pattern))}"
        if constant not in self.constants:
            index: dict[object, list[ModelRow]] = defaultdict(list)
            for row in self.fixed[name]:
                index[row[pattern[0]] if len(pattern) == 1 else tuple(row[at] for at in pattern)].append(row)
            self.constants[constant] = {key: tuple(rows) for key, rows in index.items()}
        return constant

    def _structure(self, name: str, letter: str) -> str:
        self._structures[name][letter] = None
        return f"{letter}{self._number[name]}"

    def _index(self, name: str, pattern: Pattern, letter: str = "i") -> str:
        self._indexes[name if letter == "i" else letter + name][pattern] = None
        return f"{letter}{self._number[name]}_{'_'.join(map(str, pattern))}"

    def _lookup(self, name: str, pattern: Pattern, terms: Sequence[str], letter: str = "i") -> str:
        return f"{self._index(name, pattern, letter)}.get({_key(terms)}, ())"

    def _scan_open(self, relation: Relation, pattern: Pattern, terms: Sequence[str]) -> str:
        """Open input on its possible side: an unsaid key has every value, spelled out only where needed."""
        name, number = relation.name, self._number[relation.name]
        values = self._values(relation)
        known = name if name in self.computed else self._known(relation)
        unknown = self._structure(name, "u")
        if pattern == (0,) and values is not None:
            self.constants[f"d{number}"] = tuple((None, value) for value in values)
            return f"(d{number} if {terms[0]} in {unknown} else {self._lookup(known, pattern, terms)})"
        if pattern == (1,) and values is not None and name not in self.computed:
            found, keys = self._lookup(known, pattern, terms), self._structure(name, "q")
            return f"([*{found}, *{keys}] if {keys} else {found})"
        self.constants[f"m{number}"] = _spread(relation, values)
        if pattern == (0,):
            self._index(known, pattern)
            return f"{self._structure(name, 'o')}.get({terms[0]}, ())"
        spelled_out = self._structure(name, "a")
        return self._lookup(name, pattern, terms, "b") if pattern else spelled_out

    def _values(self, relation: Relation) -> tuple[Value, ...] | None:
        """The values an unsaid key can have, where they are words that can be listed."""
        if len(relation.predicate.arguments) != 2:
            return None
        return self.doubled.program.vocabulary.domain_of(relation.predicate.name, 1).values or None

    def _open_lines(self, relation: Relation) -> Iterator[str]:
        name, number, asked = relation.name, self._number[relation.name], self._structures[relation.name]
        if not relation.possible_input or "u" not in asked:
            return
        known = name if name in self.computed else self._known(relation)
        rows, index = self.rows(known), f"i{self._number[known]}_0"
        said, unsaid = [], [f"    if len(u{number}) > 3: u{number} = frozenset(u{number})"]
        # A key stands in one of the two, so only what rules add can meet an open row of the same key.
        merge = "merged" if known in self.computed else "added"
        if "q" in asked:
            unsaid.append(f"    q{number} = [(k, None) for k in u{number}]")
            said.append(f"    q{number} = ()")
        if "o" in asked:
            unsaid.append(f"    o{number} = {merge}_index({index}, u{number}, m{number})")
            said.append(f"    o{number} = {index}")
        if "a" in asked:
            unsaid.append(f"    a{number} = {merge}_rows({rows}, u{number}, m{number})")
            said.append(f"    a{number} = {rows}")
        yield f"u{number} = unknown.get({relation.predicate.name!r}, ())"
        if relation.outranked_by:
            yield f"if u{number}: u{number} = [k for k in u{number} if k not in {self.keys(relation.outranked_by)}]"
        yield f"if u{number}:"
        yield from unsaid
        if said:
            yield "else:"
            yield from said
        if "a" in asked:
            yield from self._index_lines(f"a{number}", str(number), self._indexes["b" + name], "b")

    def _index_lines(
        self,
        rows: str,
        number: str,
        patterns: Iterable[Pattern],
        letter: str = "i",
        extra: Sequence[str] = (),
        empty: Sequence[str] = (),
    ) -> Iterator[str]:
        """Build indexes; most relations are empty in most cases, so those share one empty index."""
        lines, names = list(extra), list(empty)
        for pattern in patterns:
            index = f"{letter}{number}_{'_'.join(map(str, pattern))}"
            names.append(index)
            lines += [
                f"    {index} = {{}}",
                f"    for t in {rows}:",
                f"        k = {_key([f't[{at}]' for at in pattern])}",
                f"        if k in {index}: {index}[k].append(t)",
                f"        else: {index}[k] = [t]",
            ]
        if lines:
            yield f"if {rows}:"
            yield from lines
        if names:
            yield f"else: {' = '.join(names)} = NOTHING"


def added_index(
    index: Mapping[Value, Sequence[ModelRow]], unknown: Iterable[Value], spread: Spread
) -> dict[Value, Sequence[ModelRow]]:
    """An index on the key with the open rows of the unknown keys, which have no other rows."""
    found = dict(index)
    for key in unknown:
        found[key] = spread(key)
    return found


def added_rows(rows: Iterable[ModelRow], unknown: Iterable[Value], spread: Spread) -> list[ModelRow]:
    """All rows, and the open rows of the unknown keys, which have no other rows."""
    found = list(rows)
    for key in unknown:
        found += spread(key)
    return found


def merged_index(
    index: Mapping[Value, Sequence[ModelRow]], unknown: Iterable[Value], spread: Spread
) -> dict[Value, Sequence[ModelRow]]:
    """An index on the key with the open rows of the unknown keys added, each row once."""
    return {**index, **{key: list(dict.fromkeys((*index.get(key, ()), *spread(key)))) for key in unknown}}


def merged_rows(rows: Iterable[ModelRow], unknown: Iterable[Value], spread: Spread) -> list[ModelRow]:
    """All rows with the open rows of the unknown keys added, each row once."""
    return list(dict.fromkeys((*rows, *(row for key in unknown for row in spread(key)))))


SPREADERS: Final = (added_index, added_rows, merged_index, merged_rows)


def _spread(relation: Relation, values: tuple[Value, ...] | None) -> Spread:
    """How to spell out every row of an unsaid key; never for predicates with many arguments."""
    name, arity = relation.predicate.name, len(relation.predicate.arguments)
    if arity == 1:
        return lambda key: ((key,),)
    if arity > 2:
        raise ValueError(f"{name}: open input with {arity} arguments must be read with all of them bound")
    if values is None:
        return lambda key: ((key, Unknown(name, key)),)
    words: tuple[ModelValue, ...] = values
    return lambda key: [(key, value) for value in words]


def tuple_text(terms: Sequence[str]) -> str:
    """The text of a tuple of these terms."""
    return f"({', '.join(terms)}{',' if len(terms) == 1 else ''})"


def _key(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else tuple_text(terms)
