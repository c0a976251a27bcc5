"""Generated code: the rules of a doubled program as one Python function.

Goes in: a `Doubled` and the relations to fill. Comes out: a function from a case's rows and unsaid
keys to one dictionary of rows per relation.
Must not know: models, engines, or what a predicate means.

Every rule becomes nested loops over indexes, in evaluation order, bottom-up: a relation is full
before anything reads it. The text holds nothing that a rule's author wrote but constants, printed
with `repr`; relations and variables are numbered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import cast

from app.engine.doubled import Doubled, DoubledRule
from app.engine.facts import Row
from app.engine.model import ModelRow
from app.engine.table_model import Table
from app.engine.tables import Tables, tuple_text
from app.lang.ast import Arithmetic, Atom, Comparison, Constant, Expression, Negated, Positive, Term, Value, Variable
from app.lang.program import order_literals, rule_variables

Run = Callable[[Mapping[str, tuple[Row, ...]], Mapping[str, tuple[Value, ...]]], tuple[Table, ...]]


def generate(doubled: Doubled, names: Sequence[str], fixed: Mapping[str, Collection[ModelRow]], reasons: bool) -> Run:
    """Make the function that fills the relations `names` (in evaluation order) and returns their tables.

    `fixed` are the rows of relations that are the same for every case. Without `reasons` the function
    keeps no justifications, which is cheaper.
    """
    text, constants = write(doubled, names, fixed, reasons)
    namespace: dict[str, object] = dict(constants)
    exec(compile(text, "<rules>", "exec"), namespace)  # noqa: S102 - our own text, see the module docstring
    return cast(Run, namespace["run"])


def write(
    doubled: Doubled, names: Sequence[str], fixed: Mapping[str, Collection[ModelRow]], reasons: bool
) -> tuple[str, Mapping[str, object]]:
    """Write the function's text, and the constants it refers to."""
    tables = Tables(doubled, names, fixed)
    # Rules are written before tables: what they read decides which indexes are built.
    bodies = {name: _relation_lines(doubled, tables, name, reasons) for name in names}
    for name in names:
        if (certain := doubled.relations[name].outranked_by) is not None:
            tables.keys(certain)
    needed = doubled.needed(names)
    given = [name for name in doubled.relations if name in needed]
    lines = list(tables.loads(given))
    for name in names:
        lines += bodies[name]
        lines += tables.finish(name)
    lines.append(f"return {tuple_text([tables.rows(name) for name in names])}")
    return "def run(known, unknown):\n" + "".join(f"    {line}\n" for line in lines), tables.constants


def _relation_lines(doubled: Doubled, tables: Tables, name: str, reasons: bool) -> list[str]:
    """Fill one relation: what it starts with, then rule after rule."""
    relation, rows = doubled.relations[name], tables.rows(name)
    if relation.outranked_by is not None:
        # A certain row is possible for the same reasons; its list may be shared, for no rule adds to it here.
        lines = [f"{rows} = dict({tables.rows(relation.outranked_by)})"]
    elif relation.origin in ("open", "closed"):
        given = f"known.get({relation.predicate.name!r}, ())"
        lines = [f"{rows} = {{t: [] for t in {given}}}" if reasons else f"{rows} = dict.fromkeys({given})"]
    elif relation.predicate.name in doubled.facts:
        constant = f"f{rows[1:]}"
        tables.constants[constant] = doubled.facts[relation.predicate.name]
        lines = [f"{rows} = {{t: [] for t in {constant}}}"]
    else:
        lines = [f"{rows} = {{}}"]
    for rule in doubled.rules.get(name, ()):
        lines += _rule_lines(doubled, tables, rule, reasons)
    return lines


def _rule_lines(doubled: Doubled, tables: Tables, rule: DoubledRule, reasons: bool) -> Iterator[str]:
    """One rule: a loop or test per literal, and inside them all the row it derives."""
    writer = _RuleWriter(tables, rule_variables(doubled.program.rules[rule.index]))
    for literal in order_literals(rule.body, (), doubled.program.vocabulary, tables.walk):
        match literal:
            case Positive(atom):
                writer.read(atom)
            case Negated(atom):
                writer.tests.append(f"not ({tables.test(atom.predicate, writer.terms(atom.arguments))})")
            case Comparison():
                writer.compare(literal)
    certain = doubled.relations[rule.head.predicate].outranked_by
    if certain is not None:
        writer.tests.append(f"{writer.terms(rule.head.arguments)[0]} not in {tables.keys(certain)}")
    writer.derive(rule, reasons)
    return iter(writer.lines)


class _RuleWriter:
    """The text of one rule, growing inwards."""

    def __init__(self, tables: Tables, variables: Sequence[str]) -> None:
        self.tables = tables
        self.names = {name: f"v{number}" for number, name in enumerate(variables)}
        self.bound: set[str] = set()
        self.lines: list[str] = []
        self.tests: list[str] = []
        self.depth = 0

    def open(self, line: str) -> None:
        """Write a line that opens a block, inside the tests gathered so far."""
        self.flush()
        self.lines.append("    " * self.depth + line)
        self.depth += 1

    def flush(self) -> None:
        """Write the tests gathered so far."""
        if self.tests:
            tests, self.tests = " and ".join(self.tests), []
            self.open(f"if {tests}:")

    def terms(self, terms: Sequence[Term]) -> list[str]:
        return [self.expression(term) for term in terms]

    def expression(self, expression: Expression) -> str:
        match expression:
            case Variable(name):
                if name not in self.bound:
                    raise ValueError(f"variable {name} is read before it has a value")
                return self.names[name]
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
        rows = self.tables.scan(atom.predicate, pattern, self.terms([atom.arguments[at] for at in pattern]))
        targets = ["_"] * len(atom.arguments)
        repeated: list[str] = []
        for at, term in enumerate(atom.arguments):
            if at in pattern or not isinstance(term, Variable):
                continue
            if term.name in self.bound:
                targets[at] = f"w{at}"
                repeated.append(f"{self.names[term.name]} == w{at}")
            else:
                targets[at] = self.names[term.name]
                self.bound.add(term.name)
        self.open(f"for {tuple_text(targets)} in {rows}:")
        self.tests += repeated

    def compare(self, comparison: Comparison) -> None:
        """A comparison: an assignment when its left side is a variable without a value, else a test."""
        target = comparison.left
        if comparison.operator == "==" and isinstance(target, Variable) and target.name not in self.bound:
            self.flush()
            self.lines.append("    " * self.depth + f"{self.names[target.name]} = {self.expression(comparison.right)}")
            self.bound.add(target.name)
            return
        self.tests.append(
            f"{self.expression(comparison.left)} {comparison.operator} {self.expression(comparison.right)}"
        )

    def derive(self, rule: DoubledRule, reasons: bool) -> None:
        """The innermost lines: the row this rule derives, and why."""
        rows, row = self.tables.rows(rule.head.predicate), tuple_text(self.terms(rule.head.arguments))
        self.flush()
        if not reasons:
            self.lines.append("    " * self.depth + f"{rows}[{row}] = None")
            return
        why = tuple_text([str(rule.index), *self.names.values()])
        for line in (
            f"t = {row}",
            f"w = {rows}.get(t)",
            f"if w is None: {rows}[t] = [{why}]",
            f"else: w.append({why})",
        ):
            self.lines.append("    " * self.depth + line)

    def _is_bound(self, term: Term) -> bool:
        return isinstance(term, Constant) or term.name in self.bound
