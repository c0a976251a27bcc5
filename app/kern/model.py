"""A decided case, read from formulas: the rows of every predicate on both sides, and the ground rules behind each.

Goes in: the classes of a program's flows, and the facts of a case. Comes out: a `Model`, as any engine gives, and per
flow its `Judged`. Must not know: what a predicate means.

Every flow is judged on its own; what is the same for all is evaluated once. Nothing is evaluated before it is asked
for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from app.engine.facts import FactSet
from app.engine.model import Justification, ModelRow, ModelValue, Pattern, Side
from app.engine.unknown import Unknown
from app.kern.case import Case
from app.kern.classes import Classes
from app.kern.evaluate import Evaluation
from app.kern.ground import Flow, GroundRule, Reasons
from app.kern.relation import EMPTY
from app.kern.signature import Signature
from app.kern.terms import Cell, Key, Place, Row, Sum, Term, cells_of
from app.kern.values import CERTAIN, Keys
from app.lang.ast import Value


class Judged:
    """One flow of a case, or the part of the case that is the same for every flow (`flow` is None).

    `base`: what its evaluation shares with other flows; None for the case itself.
    """

    __slots__ = ("_classes", "_prepared", "base", "evaluation", "flow", "keys", "signature")

    def __init__(
        self,
        classes: Classes,
        evaluation: Evaluation,
        keys: Keys,
        signature: Signature,
        flow: Flow | None,
        base: Judged | None,
    ) -> None:
        self._classes = classes
        self._prepared: str | None = ""
        self.evaluation = evaluation
        self.keys = keys
        self.signature = signature
        self.flow = flow
        self.base = base

    def prepare(self, predicate: str | None = None) -> None:
        """Evaluate a predicate's rows about this flow in one go, once a function for it is ready; None: all outputs."""
        if self.flow is None or self._prepared is None or self._prepared == predicate:
            return
        self._prepared = predicate
        compiled = self._classes.compiled(self.flow, predicate)
        if compiled is not None:
            self.evaluation.learn(compiled)
            if predicate is None and self.base is not None and self.base.flow is None:
                self.base.evaluation.take_over(self.evaluation)

    def nodes(self, predicate: str) -> Mapping[Row, int]:
        """Return the nodes of a predicate's rows about this flow (or case), by what follows its key in them."""
        return self._classes.ground.about(predicate) if self.flow is None else self.flow.about(predicate)

    def certain(self, predicate: str) -> list[ModelRow]:
        """List what is certain of a predicate about this flow (or case): what follows its key in the rows."""
        value = self.evaluation.value
        return [self.row(rest) for rest, node in self.nodes(predicate).items() if value(node) == CERTAIN]

    def why(self, predicate: str, rest: Row, *, first_rule: bool = False) -> list[Justification]:
        """List the ground rules by which a row about this flow (or case) is certain; `rest` follows its key in it.

        `first_rule`: only those of the rule that goes first in the program.
        """
        ground = self._classes.ground
        key = ground.shape.case if self.flow is None else self.flow.key
        reasons = (ground.reasons if self.flow is None else self.flow.reasons).get(predicate, {})
        rules, value = ground.program.rules, self.evaluation.value
        found: list[Justification] = []
        first: int | None = None
        for one in reasons.get((key, *rest), ()):
            if first_rule and first is not None and one.index != first:
                break  # ground rules stand in the order of the program
            if value(one.node) == CERTAIN:
                first = one.index
                found.append(Justification(rules[one.index], self.row(one.values)))
        return found

    def value(self, term: Term) -> ModelValue:
        """Return what a term stands for in this flow."""
        if isinstance(term, Key):
            return self.keys[term]
        if isinstance(term, Place):
            return self.signature[term.position]
        return self._amount(term) if isinstance(term, Sum) else term

    def row(self, row: Row) -> ModelRow:
        """Return a row with this flow's words, keys and numbers."""
        value = self.value
        return tuple([term if type(term) is str or type(term) is int else value(term) for term in row])

    def _amount(self, total: Sum) -> ModelValue:
        amount = self.evaluation.amount(total)
        if amount is not None:
            return amount
        match total.terms:
            case ((Cell(predicate, key), 1),):
                return Unknown(predicate, self.keys[key], total.constant)
        missing = cells_of(total)[0]
        return Unknown(missing.predicate, self.keys[missing.key], 0, exact=False)


Entries = Mapping[tuple[str, Value, Signature], Sequence[Value]]
"""The keys of recorded entries, per predicate that declares them, case, and signature of the flow they are about."""
Found = tuple[Judged, Row, int]
"""A row of a predicate: the flow (or case) it is about, the row as it was ground, and its value."""


def _certain(found: Iterable[Found]) -> bool:
    return any(value == CERTAIN for _, _, value in found)


class KernModel:
    """A decided case. Implements `Model`."""

    def __init__(self, classes: Classes, facts: FactSet) -> None:
        self.facts = facts
        self.classes = classes
        self._ground = classes.ground
        self._predicates = classes.ground.program.vocabulary.predicates
        self._case = Case(facts)
        self._shared: dict[Value, Judged] = {}
        self._flows: dict[Value, Judged] | None = None
        self._tables: dict[str, dict[ModelRow, list[Found]]] = {}

    def flows(self) -> Mapping[Value, Judged]:
        """The proposed flows by key, in the order asked."""
        if self._flows is None:
            self._flows = dict(self._judge_flows())
        return self._flows

    def shared(self) -> Collection[Judged]:
        """The part of each case that is the same for all of its flows."""
        if not self._shared:
            for key in self._case_keys():
                keys = {self._ground.shape.case: key}
                self._shared[key] = Judged(
                    self.classes, Evaluation(self._ground, self._case, keys), keys, (), None, None
                )
        return self._shared.values()

    def again(self, facts: FactSet) -> KernModel:
        """The same flows judged by other facts, which say the same of the flows and of the entries about them."""
        other = KernModel(self.classes, facts)
        shape = self._ground.shape
        bases = {judged.keys[shape.case]: judged for judged in other.shared()}
        other._flows = {
            key: other._judged(one.flow, one.keys, one.signature, bases.get(one.keys[shape.case]))
            for key, one in self.flows().items()
        }
        return other

    def one(self, judged: Judged, facts: FactSet) -> Judged:
        """One flow judged by other facts, which say the same of the flow and of the entries about it."""
        case = Case(facts)
        evaluation = Evaluation(self._ground, case, judged.keys, judged.signature)
        return Judged(self.classes, evaluation, judged.keys, judged.signature, judged.flow, None)

    def under(self, classes: Classes) -> KernModel:
        """The same facts judged by another law."""
        return KernModel(classes, self.facts)

    def _judged(self, flow: Flow | None, keys: Keys, signature: Signature, base: Judged | None) -> Judged:
        shared = None if base is None else base.evaluation
        evaluation = Evaluation(self._ground, self._case, keys, signature, shared)
        return Judged(self.classes, evaluation, keys, signature, flow, base)

    def case(self) -> Judged:
        """The part that is the same for every flow, of the one case that the facts are about."""
        (judged,) = self.shared()
        return judged

    def _case_keys(self) -> Iterator[Value]:
        clock = self.facts.known.get(self.classes.clock, ())
        if len(clock) == 1:  # one case, which says what day it is
            yield clock[0][0]
            return
        found: dict[Value, None] = {}
        for name in (*self.facts.known, *self.facts.unknown):
            predicate = self._predicates[name]
            if predicate.arguments and predicate.arguments[0].domain == self._ground.shape.case.domain:
                found.update((row[0], None) for row in self.facts.known.get(name, ()))
                found.update((key, None) for key in self.facts.unknown.get(name, ()))
        yield from found

    def _judge_flows(self) -> Iterator[tuple[Value, Judged]]:
        shape = self._ground.shape
        if shape.flow is None:
            return
        entries = self._entries()
        bases = {judged.keys[shape.case]: judged for judged in self.shared()}
        for case_key, key, *words in self.facts.known.get(shape.flow, ()):
            signature = tuple(words)
            keys, counts = self._keys(case_key, key, signature, entries)
            flow = self.classes.flow(signature, counts)
            yield key, self._judged(flow, keys, signature, bases.get(case_key))

    def _keys(
        self, case_key: Value, key: Value, signature: Signature, entries: Entries
    ) -> tuple[Keys, Mapping[str, int]]:
        """The keys of what a flow speaks of, and how many recorded entries there are about it."""
        shape = self._ground.shape
        keys: dict[Key, Value] = {shape.case: case_key, shape.flow_key: key}
        counts: dict[str, int] = {}
        for domain, name in shape.entries.items():
            mine = entries.get((name, case_key, signature), ())
            counts[name] = len(mine)
            keys.update((Key(domain, at), entry) for at, entry in enumerate(mine))
        return keys, counts

    def _entries(self) -> Entries:
        """The keys of the recorded entries about each signature, one of those that say the same."""
        found: dict[tuple[str, Value, Signature], dict[object, Value]] = {}
        for domain, name in self._ground.shape.entries.items():
            for case_key, entry, *words in self.facts.known.get(name, ()):
                mine = found.setdefault((name, case_key, tuple(words)), {})
                mine.setdefault(self._said_of(domain, entry), entry)
        return {about: tuple(mine.values()) for about, mine in found.items()}

    def _said_of(self, domain: str, entry: Value) -> object:
        """What the facts say of an entry."""
        said = [
            (self._case.values(name, entry), self._case.is_unknown(name, entry))
            for name, predicate in self._predicates.items()
            if predicate.kind == "invoer" and predicate.arguments[0].domain == domain
        ]
        return tuple(said)

    def rows(self, side: Side, predicate: str) -> Collection[ModelRow]:
        """All rows of a predicate on one side."""
        if self._predicates[predicate].kind == "invoer":
            return self._input_rows(side, predicate)
        table = self._table(predicate)
        return table if side == "mogelijk" else {row: None for row, found in table.items() if _certain(found)}

    def _table(self, predicate: str) -> Mapping[ModelRow, list[Found]]:
        """Every row of a derived predicate that is at least possible, with where it was found."""
        table = self._tables.get(predicate)
        if table is None:
            table = self._tables[predicate] = {}
            for judged in self._judging(predicate):
                judged.prepare()
                relations = self._ground.relations if judged.flow is None else judged.flow.relations
                value = judged.evaluation.value
                for row, node in relations.get(predicate, EMPTY).rows.items():
                    if held := value(node):
                        table.setdefault(judged.row(row), []).append((judged, row, held))
        return table

    def _judging(self, predicate: str) -> Collection[Judged]:
        if predicate in self._ground.shape.of_flow:
            return self.flows().values()
        # Without any case, what the law alone says is still so: no fact is stated of nobody.
        return self.shared() or (self._judged(None, {self._ground.shape.case: ""}, (), None),)

    def holds(self, side: Side, predicate: str, row: ModelRow) -> bool:
        """Whether one row holds, open input facts included."""
        if self._predicates[predicate].kind != "invoer":
            found = self._table(predicate).get(row, ())
            return bool(found) and (side == "mogelijk" or _certain(found))
        if row in self._input_rows(side, predicate):
            return True
        if side == "zeker" or row[0] not in self.facts.unknown.get(predicate, ()):
            return False
        return all(found[0] != row[0] for found in self._input_rows("zeker", predicate))

    def _input_rows(self, side: Side, predicate: str) -> Collection[ModelRow]:
        """The rows stated of an input predicate, and those that rules give it."""
        found: dict[ModelRow, None] = dict.fromkeys(self.facts.known.get(predicate, ()))
        given = [(cell, derived) for cell, derived in self._ground.derived.items() if cell.predicate == predicate]
        if not given:
            return found
        certain = {row[0] for row in found}
        for cell, derived in given:
            for judged in self._judging(predicate):
                key = judged.keys.get(cell.key)
                if key is None:
                    continue
                held = [(one, judged.evaluation.value(one.node)) for one in derived]
                values = [(judged.value(one.value), value) for one, value in held if value]
                sure = [given for given, value in values if value == CERTAIN]
                likely = [] if sure or key in certain else [given for given, _ in values]
                found.update(((key, value), None) for value in (sure if side == "zeker" else (*sure, *likely)))
        return found

    def unsaid(self, predicate: str) -> Collection[Value]:
        """The keys of an open input fact about which the caller said nothing."""
        return self.facts.unknown.get(predicate, ())

    def why(self, side: Side, predicate: str, row: Pattern) -> Sequence[Justification]:
        """Every ground rule that derived the row on that side; () for facts, and for no row."""
        least = CERTAIN if side == "zeker" else 1
        rules = self._ground.program.rules
        found: dict[Justification, None] = {}
        for judged, reason in self._reasons(predicate, row):
            if judged.evaluation.value(reason.node) >= least:
                found[Justification(rules[reason.index], judged.row(reason.values))] = None
        return tuple(found)

    def _reasons(self, predicate: str, row: Pattern) -> Iterator[tuple[Judged, GroundRule]]:
        if self._predicates[predicate].kind == "invoer":
            for judged in self._judging(predicate):
                yield from self._reasons_in(self._reasons_of(judged), judged, predicate, row)
            return
        found = self._table(predicate).get(row, ())  # type: ignore[arg-type]  # a pattern with None is no row
        for judged, ground_row, _ in found:
            yield from ((judged, one) for one in self._reasons_of(judged).get(predicate, {}).get(ground_row, ()))

    def _reasons_of(self, judged: Judged) -> Reasons:
        return self._ground.reasons if judged.flow is None else judged.flow.reasons

    def _reasons_in(
        self, reasons: Reasons, judged: Judged, predicate: str, row: Pattern
    ) -> Iterator[tuple[Judged, GroundRule]]:
        for ground_row, given in reasons.get(predicate, {}).items():
            if judged.row(ground_row) == row:
                yield from ((judged, one) for one in given)
