"""Where generated code finds the rows of a relation: names of tables, indexes and sets.

Goes in: the relations of a doubled program and, per read, which arguments are bound. Comes out: the
Python expression for that read, and afterwards the lines that build what the reads asked for.
Must not know: rules, or how one read follows another.

For relation number n: `r` its rows, `s` a set of them, `i…` an index on some arguments, `u` the keys
about which nothing was said, `a` all rows with the open ones spelled out. Each is a cell: a place in
the list `m` that a case is decided in. The cells of one relation are filled together, when first needed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.engine.doubled import Doubled, Relation, relation_name
from app.engine.model import ModelRow
from app.engine.spread import SPREADERS, spread_of
from app.lang.ast import Atom, Constant, Literal, Positive, Term, Value, Variable
from app.lang.ordering import literal_variables

Pattern = tuple[int, ...]
"""The places (0-based) of the arguments that are bound when a relation is read."""
FEW = 2
"""A table with more rows than this is looked up, not walked, where a rule has the choice."""
KNOWN, UNKNOWN = 0, 1
"""The cells that hold what a case says."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the list a case is decided in, and the relation whose function fills it."""

    place: int
    relation: str


@dataclass(frozen=True, slots=True)
class Read:
    """An expression, and the cells it mentions by name.

    `only` is the key and the index of a read of the rows with one constant key: where the index does not
    have it there is nothing to read.
    """

    text: str
    cells: tuple[str, ...] = ()
    only: tuple[str, str] | None = None


class Tables:
    """The names of everything that the generated functions of one program keep."""

    def __init__(self, doubled: Doubled, computed: Iterable[str], fixed: Mapping[str, Collection[ModelRow]]) -> None:
        """`computed` are the relations rules fill; `fixed` those that can be read as constants."""
        self.doubled = doubled
        self.computed = frozenset(computed)
        self.fixed = fixed
        self.constants: dict[str, object] = {"NOTHING": {}, **{made.__name__: made for made in SPREADERS}}
        self.cells: dict[str, Cell] = {}
        self._number = {name: number for number, name in enumerate(doubled.relations)}
        self._indexes: dict[str, dict[Pattern, None]] = defaultdict(dict)
        self._constant_reads: Counter[tuple[str, Pattern]] = Counter()

    def function(self, name: str) -> str:
        """The name of the function that fills the cells of a relation."""
        return f"f{self._number[name]}"

    def size(self) -> int:
        """How many cells a case needs."""
        return len(self.cells) + UNKNOWN + 1

    def first(self, name: str) -> Cell:
        """The cell that tells whether those of a relation are filled: its rows, or what was not said of it."""
        return self.cells[self._cell("r" if name in self.computed or not self._is_open(name) else "u", name)]

    def asked(self) -> tuple[str, ...]:
        """The relations of which a cell was asked for."""
        return tuple(dict.fromkeys(cell.relation for cell in self.cells.values()))

    def rows(self, name: str) -> str:
        """The cell that holds the rows of a relation rules fill, or a case gives."""
        return self._cell("r", name)

    def test(self, name: str, terms: Sequence[str]) -> Read:
        """The expression for: this very row holds."""
        relation, row = self.doubled.relations[name], tuple_text(terms)
        if name in self.fixed:
            return Read(f"{row} in {self._fixed(name)}")
        cell = self.rows(name) if name in self.computed else self._cell("s", self._known(relation))
        if relation.possible_input:
            unsaid = self._cell("u", name)
            return Read(f"({terms[0]} in {unsaid} or {row} in {cell})", (unsaid, cell))
        return Read(f"{row} in {cell}", (cell,))

    def scan(self, name: str, pattern: Pattern, terms: Sequence[str], constant: bool = False) -> Read:
        """The expression for: all rows whose bound arguments (at `pattern`) are `terms`, all `constant` or not."""
        relation = self.doubled.relations[name]
        if name in self.fixed:
            if not pattern:
                return Read(self._fixed(name))
            return Read(f"{self._fixed_index(name, pattern)}.get({_key(terms)}, ())")
        if relation.possible_input:
            return self._scan_open(relation, pattern, terms)
        known = name if name in self.computed else self._known(relation)
        if not pattern:
            return Read(self.rows(known), (self.rows(known),))
        index, key = self.index(known, pattern), _key(terms)
        if constant:
            return Read(f"{index}[{key}]", (index,), (key, index))
        return Read(f"{index}.get({key}, ())", (index,))

    def count(self, bodies: Iterable[Sequence[Literal]]) -> None:
        """Count how often rules will read a relation by constants alone, and by nothing else they know."""
        for body in bodies:
            known: set[str] = set()
            for literal in body:
                if isinstance(literal, Positive):
                    bound = [at for at, term in enumerate(literal.atom.arguments) if not _is_free(term, known)]
                    if bound and all(isinstance(literal.atom.arguments[at], Constant) for at in bound):
                        self._constant_reads[literal.atom.predicate, tuple(bound)] += 1
                known |= {variable.name for variable in literal_variables(literal)}

    def is_scanned(self, name: str, pattern: Pattern) -> bool:
        """Whether a read by constants goes through all rows: to look them up would not pay for an index."""
        relation = self.doubled.relations[name]
        if name in self.fixed or relation.possible_input:
            return False
        return self._constant_reads[name, pattern] <= FEW

    def walk(self, atom: Atom) -> int:
        """How unwise it is to go through the rows with an atom's constants: a case has few, the law's tables many."""
        constants = [(at, term.value) for at, term in enumerate(atom.arguments) if isinstance(term, Constant)]
        if atom.predicate in self.fixed:
            found = [row for row in self.fixed[atom.predicate] if all(row[at] == value for at, value in constants)]
            return 1 if len(found) > FEW else 0
        return 2 if self._is_open(atom.predicate) and not constants else 0

    def keys(self, name: str) -> str:
        """The index of a computed relation on its first argument, to test keys against."""
        return self.index(name, (0,))

    def given(self, name: str) -> Iterator[str]:
        """The lines that fetch a case's input rows and build what the reads asked of them."""
        rows, asked = self.rows(name), f"m[{KNOWN}].get({self.doubled.relations[name].predicate.name!r}, ())"
        yield f"{rows} = {asked}"
        yield f"if len({rows}) > 1: {rows} = tuple(dict.fromkeys({rows}))"
        if (cell := self.cells.get(f"s{rows[1:]}")) is not None:
            yield f"m[{cell.place}] = frozenset({rows}) if len({rows}) > 2 else {rows}"
        yield from self.finish(name)

    def finish(self, name: str) -> Iterator[str]:
        """The lines that index a relation once its rows are there, and then hand it over."""
        rows, number = self.rows(name), self._number[name]
        yield from self._index_lines(rows, number, self._indexes[name])
        yield from self.unsaid(name)
        yield f"m[{self.cells[rows].place}] = {rows}"

    def unsaid(self, name: str) -> Iterator[str]:
        """The lines that fetch the keys about which nothing was said, and build what the reads asked of them."""
        relation, number = self.doubled.relations[name], self._number[name]
        if (cell := self.cells.get(f"u{number}")) is None:
            return
        known = name if name in self.computed else self._known(relation)
        # A key stands in one of the two, so only what rules add can meet an open row of the same key.
        merge = "merged" if known in self.computed else "added"
        yield f"u{number} = m[{UNKNOWN}].get({relation.predicate.name!r}, ())"
        if relation.outranked_by:
            yield f"if u{number}: u{number} = [k for k in u{number} if k not in {self.keys(relation.outranked_by)}]"
        yield f"if len(u{number}) > 3: u{number} = frozenset(u{number})"
        if (pairs := self.cells.get(f"q{number}")) is not None:
            yield f"m[{pairs.place}] = [(k, None) for k in u{number}] if u{number} else ()"
        if (index := self.cells.get(f"o{number}")) is not None:
            said = self.index(known, (0,))
            yield f"m[{index.place}] = {merge}_index({said}, u{number}, m{number}) if u{number} else {said}"
        if (spelled := self.cells.get(f"a{number}")) is not None:
            said = self.rows(known)
            found = f"{merge}_rows({said}, u{number}, m{number}) if u{number} else {said}"
            yield f"a{number} = m[{spelled.place}] = {found}"
            yield from self._index_lines(f"a{number}", number, self._indexes["b" + name], "b")
        yield f"m[{cell.place}] = u{number}"

    def said(self, name: str) -> tuple[str, ...]:
        """The cells of the rows that were said, which the lines of `unsaid` put beside what was not."""
        number, known = self._number[name], self._known(self.doubled.relations[name])
        found = [self.index(known, (0,))] if f"o{number}" in self.cells else []
        return (*found, self.rows(known)) if f"a{number}" in self.cells else tuple(found)

    def index(self, name: str, pattern: Pattern, letter: str = "i") -> str:
        """The cell that holds the rows of a relation by the arguments at some places."""
        self._indexes[name if letter == "i" else letter + name][pattern] = None
        return self._cell(letter, name, f"_{'_'.join(map(str, pattern))}")

    def _cell(self, letter: str, relation: str, ending: str = "") -> str:
        name = f"{letter}{self._number[relation]}{ending}"
        if name not in self.cells:
            self.cells[name] = Cell(self.size(), relation)
        return name

    def _known(self, relation: Relation) -> str:
        """The relation under whose name the given rows of an input predicate are kept."""
        return relation_name("zeker", relation.predicate.name) if relation.origin == "open" else relation.name

    def _is_open(self, name: str) -> bool:
        return self.doubled.relations[name].possible_input

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

    def _scan_open(self, relation: Relation, pattern: Pattern, terms: Sequence[str]) -> Read:
        """Open input on its possible side: an unsaid key has every value, spelled out only where needed."""
        name, number = relation.name, self._number[relation.name]
        values = self._values(relation)
        known = name if name in self.computed else self._known(relation)
        unsaid = self._cell("u", name)
        if pattern == (0,) and values is not None:
            self.constants[f"d{number}"] = tuple((None, value) for value in values)
            index = self.index(known, pattern)
            return Read(f"(d{number} if {terms[0]} in {unsaid} else {index}.get({terms[0]}, ()))", (unsaid, index))
        if pattern == (1,) and values is not None and name not in self.computed:
            index, keys = self.index(known, pattern), self._cell("q", name)
            found = f"{index}.get({terms[0]}, ())"
            return Read(f"([*{found}, *{keys}] if {keys} else {found})", (keys, index))
        self.constants[f"m{number}"] = spread_of(relation, values)
        if pattern == (0,):
            self.index(known, pattern)
            cell = self._cell("o", name)
        else:
            self.rows(known)
            cell = self._cell("a", name)
            if pattern:
                cell = self.index(name, pattern, "b")
        return Read(f"{cell}.get({_key(terms)}, ())" if pattern else cell, (cell,))

    def _values(self, relation: Relation) -> tuple[Value, ...] | None:
        """The values an unsaid key can have, where they are words that can be listed."""
        if len(relation.predicate.arguments) != 2:
            return None
        return self.doubled.program.vocabulary.domain_of(relation.predicate.name, 1).values or None

    def _index_lines(self, rows: str, number: int, patterns: Iterable[Pattern], letter: str = "i") -> Iterator[str]:
        """Build indexes; most relations have one row or none, so there the work is least."""
        indexes = [(f"{letter}{number}_{'_'.join(map(str, pattern))}", pattern) for pattern in patterns]
        if not indexes:
            return
        targets = {name: f"{name} = m[{self.cells[name].place}]" for name, _ in indexes}
        yield f"if not {rows}: {' = '.join(targets.values())} = NOTHING"
        yield f"elif len({rows}) == 1:"
        yield f"    (t,) = {rows}"
        for name, pattern in indexes:
            yield f"    {targets[name]} = {{{_key([f't[{at}]' for at in pattern])}: (t,)}}"
        yield "else:"
        for name, pattern in indexes:
            yield f"    {targets[name]} = {{}}"
            yield f"    for t in {rows}:"
            yield f"        k = {_key([f't[{at}]' for at in pattern])}"
            yield f"        if k in {name}: {name}[k].append(t)"
            yield f"        else: {name}[k] = [t]"


def _is_free(term: Term, known: set[str]) -> bool:
    return isinstance(term, Variable) and term.name not in known


def tuple_text(terms: Sequence[str]) -> str:
    """The text of a tuple of these terms."""
    return f"({', '.join(terms)}{',' if len(terms) == 1 else ''})"


def _key(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else tuple_text(terms)
