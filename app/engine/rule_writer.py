"""The text of one relation's function, line by line.

Goes in: the literals of rules, in evaluation order. Comes out: nested loops and tests, with before each what
it is about to read.
Must not know: in what order rules or literals come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.engine.doubled import DoubledRule
from app.engine.tables import Read, Tables, tuple_text
from app.lang.ast import Arithmetic, Atom, Comparison, Constant, Expression, Term, Variable


class RuleWriter:
    """The text of one relation's function, rule by rule, each growing inwards."""

    def __init__(self, tables: Tables, relation: str) -> None:
        self.tables = tables
        self.relation = relation
        self.lines: list[str] = []
        self.tests: list[Read] = []
        self._names: Mapping[str, str] = {}
        self._bound: set[str] = set()
        self._loaded: list[set[str]] = [set()]
        """Per open block the cells read in it, and the relations seen to."""
        self._key = ""
        """The test that opened the outermost block of the rule before, where that is for one constant key."""
        self._fresh = True

    def begin(self, variables: Sequence[str]) -> None:
        """Start a rule; a block for one key stays open, for the next rule may be about that key too."""
        self._names = {name: f"v{number}" for number, name in enumerate(variables)}
        self._bound = set()
        self._fresh = True
        del self._loaded[2 if self._key else 1 :]

    def terms(self, terms: Sequence[Term]) -> list[str]:
        return [self.expression(term) for term in terms]

    def expression(self, expression: Expression) -> str:
        match expression:
            case Variable(name):
                if name not in self._bound:
                    raise ValueError(f"variable {name} is read before it has a value")
                return self._names[name]
            case Constant(value):
                return repr(value) if isinstance(value, str) else f"({value:d})"
            case Arithmetic(operator, left, right):
                return f"({self.expression(left)} {operator} {self.expression(right)})"

    def read(self, atom: Atom) -> None:
        """A positive literal: a test when all is bound, else a loop that binds the rest."""
        pattern = tuple(at for at, term in enumerate(atom.arguments) if self._is_bound(term))
        if len(pattern) == len(atom.arguments):
            self.tests.append(self.tables.test(atom.predicate, self.terms(atom.arguments)))
            return
        given = [atom.arguments[at] for at in pattern]
        constant = all(isinstance(term, Constant) for term in given)
        targets = ["_"] * len(atom.arguments)
        repeated: list[str] = []
        if pattern and constant and self.tables.is_scanned(atom.predicate, pattern):
            for at in pattern:
                targets[at] = f"w{at}"
                repeated.append(f"w{at} == {self.expression(atom.arguments[at])}")
            rows = self.tables.scan(atom.predicate, (), ())
        else:
            rows = self.tables.scan(atom.predicate, pattern, self.terms(given), constant)
        for at, term in enumerate(atom.arguments):
            if at in pattern or not isinstance(term, Variable):
                continue
            if term.name in self._bound:
                targets[at] = f"w{at}"
                repeated.append(f"{self._names[term.name]} == w{at}")
            else:
                targets[at] = self._names[term.name]
                self._bound.add(term.name)
        self._flush()
        self._open_key(rows)
        self.load(rows.cells)
        self._open(f"for {tuple_text(targets)} in {rows.text}:")
        self.tests += [Read(test) for test in repeated]

    def compare(self, comparison: Comparison) -> None:
        """A comparison: an assignment when its left side is a variable without a value, else a test."""
        target = comparison.left
        if comparison.operator == "==" and isinstance(target, Variable) and target.name not in self._bound:
            self._flush()
            self._start("")
            self._write(f"{self._names[target.name]} = {self.expression(comparison.right)}")
            self._bound.add(target.name)
            return
        left, right = self.expression(comparison.left), self.expression(comparison.right)
        self.tests.append(Read(f"{left} {comparison.operator} {right}"))

    def derive(self, rule: DoubledRule) -> None:
        """The innermost lines: the row this rule derives, and why."""
        rows, row = self.tables.rows(rule.head.predicate), tuple_text(self.terms(rule.head.arguments))
        self._flush()
        self._start("")
        why = tuple_text([str(rule.index), *self._names.values()])
        self._write(f"t = {row}")
        self._write(f"w = {rows}.get(t)")
        self._write(f"if w is None: {rows}[t] = [{why}]")
        self._write(f"else: w.append({why})")

    def load(self, cells: Sequence[str]) -> None:
        """See to it that these cells are filled, and name them here."""
        for name in cells:
            cell = self.tables.cells[name]
            if self._is_loaded(name) or cell.relation == self.relation:
                continue
            if not self._is_loaded(cell.relation):
                first = self.tables.first(cell.relation).place
                self._write(f"if m[{first}] is None: {self.tables.function(cell.relation)}(m)")
            self._write(f"{name} = m[{cell.place}]")
            self._loaded[-1] |= {name, cell.relation}

    def _flush(self) -> None:
        """Write the tests gathered so far; what only a later one reads is not seen to before the earlier ones."""
        if not self.tests:
            return
        self._start("")
        waiting: list[str] = []
        for test in self.tests:
            if waiting and not all(map(self._is_loaded, test.cells)):
                self._open(f"if {' and '.join(waiting)}:")
                waiting = []
            self.load(test.cells)
            waiting.append(test.text)
        self._open(f"if {' and '.join(waiting)}:")
        self.tests = []

    def _start(self, key: str) -> bool:
        """Before a rule's first line: whether it can stand in the open block, being about that key; else leave that."""
        fresh, self._fresh = self._fresh, False
        if fresh and self._key and self._key != key:
            self._key = ""
            del self._loaded[1:]
        return fresh and bool(key) and self._key == key

    def _open_key(self, rows: Read) -> None:
        """Before the rows of one constant key: a test whether there are any, shared with the rule before."""
        key = "" if rows.only is None else f"if {rows.only[0]} in {rows.only[1]}:"
        if self._start(key) or not key:
            return
        outermost = len(self._loaded) == 1
        self.load(rows.cells)
        self._open(key)
        if outermost:
            self._key = key

    def _open(self, line: str) -> None:
        """Write a line that opens a block."""
        self._write(line)
        self._loaded.append(set())

    def _write(self, line: str) -> None:
        self.lines.append("    " * (len(self._loaded) - 1) + line)

    def _is_loaded(self, name: str) -> bool:
        return any(name in block for block in self._loaded)

    def _is_bound(self, term: Term) -> bool:
        return isinstance(term, Constant) or term.name in self._bound
