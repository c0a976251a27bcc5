"""Generated code: the rules of a doubled program as Python functions, one for each relation.

Goes in: a `Doubled` and the relations that rules fill. Comes out: per relation a function that fills it
in the list of cells a case is decided in.
Must not know: models, engines, or what a predicate means.

Every rule becomes nested loops over indexes. A function first sees to it that what it is about to read
is filled, and only there where a rule comes to read it: what no rule gets to is never worked out. The
text holds nothing that a rule's author wrote but constants, printed with `repr`; relations and variables
are numbered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from app.engine.doubled import Doubled, DoubledRule
from app.engine.model import ModelRow
from app.engine.rule_writer import RuleWriter
from app.engine.tables import Read, Tables
from app.lang.ast import Comparison, Literal, Negated, Positive
from app.lang.program import order_literals, rule_variables

Cells = list[Any]
"""One case while it is decided: known rows, keys about which nothing was said, then tables; None: not yet filled."""
Fill = Callable[[Cells], None]


@dataclass(frozen=True, slots=True)
class Filler:
    """How one relation is filled, and the place of the cell that tells whether it is: of its rows, if rules fill it."""

    place: int
    fill: Fill


@dataclass(frozen=True, slots=True)
class Generated:
    """The functions of a program. `size`: how many cells a case needs."""

    fillers: Mapping[str, Filler]
    size: int


def generate(doubled: Doubled, names: Sequence[str], fixed: Mapping[str, Collection[ModelRow]]) -> Generated:
    """Make the functions that fill the relations `names`, and whatever input these read.

    `fixed` are the rows of relations that are the same for every case.
    """
    text, tables = write(doubled, names, fixed)
    namespace: dict[str, object] = dict(tables.constants)
    exec(compile(text, "<rules>", "exec"), namespace)  # noqa: S102 - our own text, see the module docstring
    fillers = {
        name: Filler(tables.first(name).place, cast(Fill, namespace[tables.function(name)])) for name in tables.asked()
    }
    return Generated(fillers, tables.size())


def write(doubled: Doubled, names: Sequence[str], fixed: Mapping[str, Collection[ModelRow]]) -> tuple[str, Tables]:
    """Write the functions' text; the tables have the constants it refers to."""
    tables = Tables(doubled, names, fixed)
    bodies = {name: [_ordered(tables, rule) for rule in doubled.rules.get(name, ())] for name in names}
    tables.count(body for rules in bodies.values() for body in rules)
    # Rules are written before tables: what they read decides which indexes are built.
    lines = {name: _relation_lines(tables, name, bodies[name]) for name in names}
    for name in names:
        tables.rows(name)
    functions: list[str] = []
    for name in tables.asked():
        body = [*lines[name], *tables.finish(name)] if name in lines else _input_lines(tables, name)
        functions.append(f"def {tables.function(name)}(m):\n" + "".join(f"    {line}\n" for line in body))
    return "\n".join(functions), tables


def _input_lines(tables: Tables, name: str) -> list[str]:
    """Fetch what a case says of one relation, or the keys about which it says nothing."""
    if not tables.doubled.relations[name].possible_input:
        return list(tables.given(name))
    writer = RuleWriter(tables, name)
    writer.load(tables.said(name))
    return [*writer.lines, *tables.unsaid(name)]


def _ordered(tables: Tables, rule: DoubledRule) -> tuple[Literal, ...]:
    return order_literals(rule.body, (), tables.doubled.program.vocabulary, tables.walk)


def _relation_lines(tables: Tables, name: str, bodies: Sequence[tuple[Literal, ...]]) -> list[str]:
    """Fill one relation: what it starts with, then rule after rule."""
    doubled, rows = tables.doubled, tables.rows(name)
    relation = doubled.relations[name]
    writer = RuleWriter(tables, name)
    if relation.outranked_by is not None:
        # A certain row is possible for the same reasons; its list may be shared, for no rule adds to it here.
        certain = tables.rows(relation.outranked_by)
        writer.load((certain, tables.keys(relation.outranked_by)))
        writer.lines.append(f"{rows} = dict({certain})")
    elif relation.origin in ("open", "closed"):
        writer.lines.append(f"{rows} = {{t: [] for t in m[0].get({relation.predicate.name!r}, ())}}")
    elif relation.predicate.name in doubled.facts:
        constant = f"f{rows}"
        tables.constants[constant] = doubled.facts[relation.predicate.name]
        writer.lines.append(f"{rows} = {{t: [] for t in {constant}}}")
    else:
        writer.lines.append(f"{rows} = {{}}")
    for rule, body in zip(doubled.rules.get(name, ()), bodies, strict=True):
        _write_rule(writer, rule, body)
    return writer.lines


def _write_rule(writer: RuleWriter, rule: DoubledRule, body: Sequence[Literal]) -> None:
    """One rule: a loop or test per literal, and inside them all the row it derives."""
    tables = writer.tables
    writer.begin(rule_variables(tables.doubled.program.rules[rule.index]))
    for literal in body:
        match literal:
            case Positive(atom):
                writer.read(atom)
            case Negated(atom):
                test = tables.test(atom.predicate, writer.terms(atom.arguments))
                writer.tests.append(Read(f"not ({test.text})", test.cells))
            case Comparison():
                writer.compare(literal)
    certain = tables.doubled.relations[rule.head.predicate].outranked_by
    if certain is not None:
        keys = tables.keys(certain)
        writer.tests.append(Read(f"{writer.terms(rule.head.arguments)[0]} not in {keys}", (keys,)))
    writer.derive(rule)
