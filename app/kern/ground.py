"""Grounding: the rules of a program as conditional rows over the facts of any case.

Goes in: a checked program, undoubled. Comes out: a `Ground` with the part that is the same for every flow, and `Flow`s
of one class of signatures each. Must not know: any case, or what a predicate means.

Rules are evaluated bottom-up as always, but a row carries the node of the condition under which it holds; what does
not depend on the case is folded away. Per row the ground rules that give it are kept, unsimplified.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from app.kern.compile import Compiled
from app.kern.formula import FALSE, TRUE, AtMostZero, Derived, Formulas, Given, Listed, Node, OneOf, Same
from app.kern.join import Join, ordered, term_of
from app.kern.marks import Marks
from app.kern.refusals import Refused, refuse
from app.kern.relation import EMPTY, Relation
from app.kern.shape import Shape, shape_of
from app.kern.signature import Examined
from app.kern.terms import Cell, Key, Place, Row, Sum, cells_of, number
from app.lang.ast import Comparison, Constant, Value
from app.lang.diagnostics import Diagnostics, in_order
from app.lang.program import Program, rule_variables
from app.lang.sides import base
from app.lang.vocabulary import Predicate
from app.record import record


@record
class GroundRule:
    """One source rule with values for its variables.

    `index`: place in `Program.rules`. `values`: per variable of `rule_variables`. `body`: the node per literal, in the
    order of the rule's text. `node`: all of them together.
    """

    index: int
    values: Row
    body: tuple[int, ...]
    node: int


Rows = dict[Row, int]
Reasons = dict[str, dict[Row, tuple[GroundRule, ...]]]


class Flow:
    """What one class of signatures adds to a `Ground`, with so many recorded entries about the flow.

    `compiled` and `marks` are filled by `Classes` when first needed.
    """

    __slots__ = ("_about", "compiled", "entries", "key", "marks", "reasons", "relations")

    def __init__(
        self, key: Key, relations: Mapping[str, Relation], reasons: Reasons, entries: Mapping[str, int]
    ) -> None:
        self.key = key
        self.relations = relations
        self.reasons = reasons
        self.entries = entries
        self.compiled: dict[str | None, Compiled | int] = {}
        self.marks: Marks | None = None
        self._about: dict[str, Mapping[Row, int]] = {}

    def about(self, predicate: str) -> Mapping[Row, int]:
        """Return the nodes of a predicate's rows about the flow, by what follows the flow's key in them."""
        found = self._about.get(predicate)
        if found is None:
            rows = self.relations.get(predicate, EMPTY).rows
            found = self._about[predicate] = {row[1:]: node for row, node in rows.items() if row[0] == self.key}
        return found


class Ground:
    """A program, ground. Grows while classes of flows are made; what is in it follows from the law alone."""

    def __init__(self, program: Program, outputs: Collection[str] | None = None) -> None:
        """Ground what some predicates rest on; None for everything the rules can say."""
        self.program = program
        self.formulas = Formulas()
        self.shape: Shape = shape_of(program)
        self.derived: dict[Cell, tuple[Derived, ...]] = {}
        self.relations: dict[str, Relation] = {}
        self.reasons: Reasons = {}
        self._of_flow: dict[int, bool] = {}
        self._about: dict[str, Mapping[Row, int]] = {}
        self._of_signature: dict[int, bool] = {}
        self.variables = tuple(rule_variables(rule) for rule in program.rules)
        self._bodies = tuple(ordered(rule, program, self.shape.of_flow) for rule in program.rules)
        self._rules: dict[str, list[int]] = {}
        for index, rule in enumerate(program.rules):
            self._rules.setdefault(rule.head.predicate, []).append(index)
        used = needed(program, outputs)
        self._order = [name for layer in program.strata for name in layer if name in used]
        self._ground_case()

    def about(self, predicate: str) -> Mapping[Row, int]:
        """Return the nodes of a predicate's rows about the case, by what follows the case's key in them."""
        found = self._about.get(predicate)
        if found is None:
            rows = self.relations.get(predicate, EMPTY).rows
            found = self._about[predicate] = {row[1:]: node for row, node in rows.items() if row[0] == self.shape.case}
        return found

    def is_of_flow(self, number: int) -> bool:
        """Whether a node rests on the flow: its words, what is said of it, or an entry about it."""
        return self._rests(number, self._of_flow, lambda cell: cell.key != self.shape.case)

    def is_of_signature(self, number: int) -> bool:
        """Whether a node rests on the words of the flow or on an entry about it: on more than what is said of it."""
        return self._rests(number, self._of_signature, lambda cell: cell.key.domain in self.shape.entries)

    def _rests(self, number: int, known: dict[int, bool], speaks: Callable[[Cell], bool]) -> bool:
        found = known.get(number)
        if found is None:
            node = self.formulas[number]
            found = known[number] = (
                isinstance(node, Same)
                or any(speaks(cell) or any(isinstance(one, Place) for one in cell.rest) for cell in cells_of_leaf(node))
                or any(self._rests(child, known, speaks) for child in self.formulas.children(number))
            )
        return found

    def cells_under(self, number: int) -> frozenset[Cell]:
        """Return the input facts a node rests on, also through values that rules give."""
        found: set[Cell] = set()
        for one in self.formulas.under((number,), self._deriving):
            found.update(cells_of_leaf(self.formulas[one]))
        return frozenset(found)

    def sums_under(self, number: int) -> frozenset[Sum]:
        """Return the sums of the linear leaves a node rests on, also through values that rules give."""
        leaves = (self.formulas[one] for one in self.formulas.under((number,), self._deriving))
        return frozenset(leaf.total for leaf in leaves if isinstance(leaf, AtMostZero))

    def predicates_under(self, number: int) -> frozenset[str]:
        """Return the input predicates a node rests on."""
        return frozenset(cell.predicate for cell in self.cells_under(number))

    def _deriving(self, number: int) -> Iterator[int]:
        for cell in cells_of_leaf(self.formulas[number]):
            for one in self.derived.get(cell, ()):
                yield one.node

    def _ground_case(self) -> None:
        for name, rows in _facts_of(self.program).items():
            self.relations[name] = self._table(name, rows)
        for predicate in self.program.vocabulary.predicates.values():
            if predicate.kind == "invoer" and predicate.name not in self.shape.of_flow and _is_single(predicate):
                self.relations[predicate.name] = self._single(predicate, (self.shape.case,))
        join = self._join(self.relations, None)
        for name in self._order:
            if name not in self.shape.of_flow:
                self._derive(name, join, self.relations, self.reasons)

    def _table(self, name: str, rows: Iterable[Row]) -> Relation:
        """Return the relation of a table's rows; where every row is looked at apart, its name counts too."""
        del name
        return Relation(dict.fromkeys(rows, TRUE))

    def flow(self, examined: Examined, entries: Mapping[str, int]) -> Flow:
        """Ground the rules about one flow with so many recorded entries per kind.

        `entries`: per predicate that declares entries about a flow, how many there are.
        """
        return self.flow_by(len(examined.signature), entries, partial(self._join, examined=examined), lambda _: TRUE)

    def flow_by(
        self,
        places: int,
        entries: Mapping[str, int],
        joining: Callable[[Mapping[str, Relation]], Join],
        declared: Callable[[Key], int],
    ) -> Flow:
        """Ground the rules about one flow whose signature has so many places, by a way to solve rule bodies.

        `declared`: the node of "this entry is there".
        """
        shape, vocabulary = self.shape, self.program.vocabulary
        keys: dict[str, tuple[Key, ...]] = {shape.flow_key.domain: (shape.flow_key,)}
        signature = tuple(Place(at) for at in range(places))
        relations = dict(self.relations)
        if shape.flow is not None:
            relations[shape.flow] = Relation({(shape.case, shape.flow_key, *signature): TRUE})
        for domain, name in shape.entries.items():
            keys[domain] = tuple(Key(domain, at) for at in range(entries.get(name, 0)))
            relations[name] = Relation({(shape.case, key, *signature): declared(key) for key in keys[domain]})
        for name in shape.of_flow:
            predicate = vocabulary.predicates[name]
            if predicate.kind == "invoer" and name not in relations and _is_single(predicate):
                relations[name] = self._single(predicate, keys[predicate.arguments[0].domain])
        reasons: Reasons = {}
        join = joining(relations)
        for name in self._order:
            if name in shape.of_flow:
                self._derive(name, join, relations, reasons)
        mine = {name: relations[name] for name in shape.of_flow if name in relations}
        return Flow(shape.flow_key, mine, reasons, dict(entries))

    def _join(self, relations: Mapping[str, Relation], examined: Examined | None) -> Join:
        return Join(self.formulas, self.program.vocabulary, self.shape.of_flow, relations, examined)

    def _single(self, predicate: Predicate, keys: Sequence[Key]) -> Relation:
        """The rows of an input fact with at most one value per key."""
        rows: Rows = {}
        domain = self.program.vocabulary.domain_of(predicate.name, 1)
        for key in keys:
            cell = Cell(predicate.name, key)
            if domain.kind == "keuze":
                rows.update(((key, word), self.formulas.add(OneOf(cell, frozenset((word,))))) for word in domain.values)
            else:
                rows[key, number(cell)] = self.formulas.add(Given(cell))
        return Relation(rows)

    def _derive(self, name: str, join: Join, relations: dict[str, Relation], reasons: Reasons) -> None:
        """Evaluate the rules of one predicate."""
        found: dict[Row, list[GroundRule]] = {}
        two_valued = self.program.vocabulary.predicates[name].two_valued
        for index in self._rules.get(name, ()):
            rule = self.program.rules[index]
            for bound, nodes in join.solutions(self._bodies[index], two_valued):
                node = self.formulas.both(nodes)
                if node != FALSE:
                    values = tuple(bound[variable] for variable in self.variables[index])
                    row = tuple(term_of(one, bound) for one in rule.head.arguments)
                    found.setdefault(row, []).append(GroundRule(index, values, nodes, node))
        reasons[name] = {row: tuple(given) for row, given in found.items()}
        nodes_of = {row: self.formulas.either(one.node for one in given) for row, given in found.items()}
        if self.program.vocabulary.predicates[name].kind == "invoer":
            for row, node in nodes_of.items():
                self._give(name, row, node)
            return
        stated = relations[name].rows if name in relations else {}
        for row, node in stated.items():
            nodes_of[row] = self.formulas.either((node, nodes_of.get(row, FALSE)))
        relations[name] = Relation(nodes_of)

    def _give(self, name: str, row: Row, node: int) -> None:
        """Keep a value that rules give an input fact."""
        key = row[0]
        assert isinstance(key, Key)
        cell = Cell(name, key)
        self.derived[cell] = (*self.derived.get(cell, ()), Derived(row[1], node))


def ground(program: Program, outputs: Collection[str] | None = None) -> Ground | Diagnostics:
    """Ground a program, or say which of its rules the kern does not understand.

    `outputs`: only what these predicates rest on; fewer outputs tell fewer classes of flows apart.
    """
    faults = list(refuse(program))
    if not faults:
        try:
            return Ground(program, outputs)
        except Refused as refused:
            faults.append(refused.diagnostic)
    return in_order(faults, dict.fromkeys(rule.span.file for rule in program.rules))


def cells_of_leaf(node: Node) -> tuple[Cell, ...]:
    """Return the input facts that a leaf reads; none for another node."""
    match node:
        case OneOf(cell) | Given(cell) | Listed(cell):
            return (cell,)
        case AtMostZero(total):
            return cells_of(total)
    return ()


def needed(program: Program, outputs: Collection[str] | None) -> frozenset[str]:
    """Return the predicates that some predicates rest on, themselves included."""
    reads: dict[str, set[str]] = {}
    for rule in program.rules:
        atoms = [literal.atom for literal in rule.body if not isinstance(literal, Comparison)]
        reads.setdefault(rule.head.predicate, set()).update(base(atom.predicate) for atom in atoms)
    found: set[str] = set()
    todo = list(reads if outputs is None else outputs)
    while todo:
        if (name := todo.pop()) not in found:
            found.add(name)
            todo += reads.get(name, ())
    return frozenset(found)


def _facts_of(program: Program) -> dict[str, list[tuple[Value, ...]]]:
    found: dict[str, list[tuple[Value, ...]]] = {}
    for fact in program.facts:
        row = tuple(term.value for term in fact.atom.arguments if isinstance(term, Constant))
        found.setdefault(fact.atom.predicate, []).append(row)
    return found


def _is_single(predicate: Predicate) -> bool:
    """Whether a fact has one value per key, and so is read as that value."""
    return predicate.single and len(predicate.arguments) == 2
