"""pyDatalog, the knowledge base of record: the one door to it.

Goes in: a checked `Program`, then `FactSet`s or a query. Comes out: the same `Model`s that the compiled
engine gives, or the bindings of a query. Must not know: what a predicate means.

pyDatalog keeps its state per thread and shares it freely, so all of it happens in one thread of our own,
where every program has a `Logic` of its own. The facts of a case are there only while it is decided;
a knowledge base in which anything failed, or that is not as it was afterwards, is thrown away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar, cast

from pyDatalog import Logic, pyEngine, pyParser

from app.engine.doubled import Doubled, double, doubled_body
from app.engine.facts import FactSet
from app.engine.knowledge_text import (
    CASE,
    FIXED_GROUNDS,
    GROUNDS,
    QUERY,
    KnowledgeText,
    decode,
    encode,
    predicate_name,
    unsaid_name,
)
from app.engine.model import Model, ModelRow, ModelValue, Side
from app.engine.stages import stages_of
from app.engine.table_model import Layout, Reason, Table, TableModel, derived_row, input_rows
from app.engine.unknown import Unknown
from app.lang.ast import Literal
from app.lang.ordering import bound_variables, literal_variables
from app.lang.program import Program, order_literals

Result = TypeVar("Result")
Answer = tuple[Any, ...]
Answers = list[Answer]
"""What pyDatalog answers: words still have their marks."""
Settled = Mapping[str, Answers]
"""Rows of relations that were answered before, to build on."""
_NOTHING: Settled = {}
Grounds = Mapping[tuple[int, str], list[Reason]]
"""Per case and relation its ground rules."""

# INVARIANT: pyDatalog is touched in this thread only; what any other thread does with it stays apart.
_THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pydatalog")


class PyDatalogEngine:
    """Loads programs into pyDatalog."""

    name = "pydatalog"

    def prepare(self, program: Program) -> PyDatalogDecider:
        """Load a checked program."""
        return PyDatalogDecider(program)


class PyDatalogDecider:
    """One program, loaded."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._doubled = double(program)
        self._base = _KnowledgeBase(self._doubled)
        self._stages: dict[str, list[tuple[_KnowledgeBase, tuple[str, ...]]]] = {}
        self._computed = Layout.computed(self._doubled)

    @cached_property
    def layout(self) -> Layout:
        """Where tables are; made when first asked for, since one predicate's rows need none."""
        fixed = self._base.run([], lambda: _grounds(FIXED_GROUNDS, 2))
        names = [relation.name for relation in self._doubled.relations.values() if relation.static]
        return Layout(
            self._doubled,
            {name: self._table(name, 0, fixed, {}) for name in names},
            {name: position for position, name in enumerate(self._computed)},
        )

    def decide(self, facts: FactSet) -> Model:
        """Decide one case, with all justifications."""
        return self.decide_many([facts])[0]

    begin = decide

    def decide_many(self, cases: list[FactSet]) -> list[Model]:
        """Decide several cases in one query; each has its own number in every fact, so they cannot meet."""
        grounds = self._base.run(cases, lambda: _grounds(GROUNDS, 3))
        return [self._model(facts, number, grounds) for number, facts in enumerate(cases)]

    def rows_only(self, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """One predicate's rows, asked for alone."""
        name = self._doubled.name(side, predicate)
        relation = self._doubled.relations[name]
        if relation.static:
            return self.layout.fixed[name].keys()
        if name not in self._computed:
            return input_rows(self._doubled, facts, name)
        if relation.origin != "derived":
            return self.decide(facts).rows(side, predicate)
        settled: dict[str, Answers] = {}
        for base, asked in self._staged(name):
            settled.update(base.rows(asked, facts, settled))
        return [decode(row[1:]) for row in settled[name]]

    def rows_after(self, _model: Model, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """One predicate's rows, asked for anew."""
        return self.rows_only(facts, side, predicate)

    def ask(self, facts: FactSet, query: Sequence[Literal], side: Side) -> list[dict[str, ModelValue]]:
        """Answer a query with variables on one side: every binding of its variables, in no order.

        Raises ValueError for a query with a variable that gets no value, KeyError for an unknown predicate.
        """
        bound = bound_variables(query)
        names = dict.fromkeys(variable.name for literal in query for variable in literal_variables(literal))
        if strange := [name for name in names if name not in bound]:
            raise ValueError(f"{', '.join(strange)} gets no value in this query")
        body = order_literals(query, (), self.program.vocabulary)
        doubled_query = doubled_body(body, side, self._doubled.doubles, "the query")
        answers = self._open_base.run([facts], lambda: self._open_base.query(doubled_query, list(names)))
        return [dict(zip(names, decode(answer[1:]), strict=True)) for answer in answers]

    def _staged(self, name: str) -> list[tuple[_KnowledgeBase, tuple[str, ...]]]:
        """Per stage towards a relation a knowledge base with its rules alone, and what to ask of it."""
        found = self._stages.get(name)
        if found is None:
            stages = stages_of(self._doubled, self._computed, name)
            found = self._stages[name] = [(_KnowledgeBase(one.part, reasons=False), one.asked) for one in stages]
        return found

    @cached_property
    def _open_base(self) -> _KnowledgeBase:
        """Everything the program can say, also what no output needs."""
        return _KnowledgeBase(double(self.program, everything=True))

    def _model(self, facts: FactSet, number: int, grounds: Grounds) -> TableModel:
        tables: dict[str, Table] = {}
        for name in self._computed:
            tables[name] = self._table(name, number, grounds, tables, facts)
        return TableModel(self.layout, facts, [*tables.values()])

    def _table(
        self, name: str, number: int, grounds: Grounds, earlier: Mapping[str, Table], facts: FactSet | None = None
    ) -> Table:
        """The rows of one relation: facts, certain rows where those are possible too, and what rules derived."""
        relation = self._doubled.relations[name]
        given: Collection[ModelRow] = self._doubled.facts.get(relation.predicate.name, ())
        if relation.outranked_by:
            given = earlier[relation.outranked_by].keys()
        elif facts is not None and relation.origin != "derived":
            given = facts.known.get(relation.predicate.name, ())
        table: dict[ModelRow, list[Reason] | None] = {row: [] for row in given}
        rules = self.program.rules
        for reason in grounds.get((number, name), ()):
            reasons = table.setdefault(derived_row(rules[reason[0]], reason[1:]), [])
            cast(list[Reason], reasons).append(reason)
        return table


class _KnowledgeBase:
    """One doubled program in pyDatalog, made when first needed and again after anything went wrong."""

    def __init__(self, doubled: Doubled, reasons: bool = True) -> None:
        self._doubled = doubled
        self._text = KnowledgeText(doubled, reasons)
        self._logic: Any = None
        self._sizes: dict[Any, int] = {}

    def run(self, cases: Sequence[FactSet], job: Callable[[], Result], settled: Settled = _NOTHING) -> Result:
        """Do something in pyDatalog's thread, while the facts of some cases are there, and rows settled before."""
        return _THREAD.submit(self._run, cases, job, settled).result()

    def rows(self, names: Sequence[str], facts: FactSet, settled: Settled) -> Settled:
        """The rows of some relations in one case, each with the number of the case in front."""

        def ask_all() -> Settled:
            return {name: _ask(predicate_name(name), len(relations[name].predicate.arguments) + 1) for name in names}

        relations = self._doubled.relations
        return self.run([facts], ask_all, settled)

    def query(self, body: Sequence[Literal], variables: Sequence[str]) -> list[tuple[Any, ...]]:
        """Answer a query: case and values. To be called as a job."""
        name, arity = QUERY, len(variables) + 1
        predicate = pyEngine.insert(pyEngine.Pred(name, arity))
        try:
            pyParser.load(self._text.query(body, variables))
            return _ask(name, arity)
        finally:
            predicate.reset_clauses()

    def _run(self, cases: Sequence[FactSet], job: Callable[[], Result], settled: Settled) -> Result:
        if self._logic is None:
            self._load()
        Logic.tl.logic = self._logic
        sound = False
        try:
            with self._asserted(cases, settled):
                result = job()
            sound = all(len(predicate.db) == size for predicate, size in self._sizes.items())
        finally:
            if not sound:
                self._logic = None
        return result

    def _load(self) -> None:
        """Make a fresh knowledge base: every predicate first, so that none is unknown, then the clauses."""
        logic = Logic()
        predicates = [pyEngine.insert(pyEngine.Pred(name, arity)) for name, arity in self._text.declarations()]
        pyParser.load("\n".join(self._text.clauses()))
        self._logic, self._sizes = logic, {predicate: len(predicate.db) for predicate in predicates}

    @contextmanager
    def _asserted(self, cases: Sequence[FactSet], settled: Settled) -> Iterator[None]:
        clauses = []
        try:
            for name, values in (*self._stated(cases), *_rows_of(settled)):
                clause = pyEngine.Clause(pyEngine.Literal(name, [pyEngine.Const(value) for value in values]), [])
                clauses.append(clause)
                pyEngine.assert_(clause)  # noqa: PT009 - pyDatalog's, not unittest's
            yield
        finally:
            for clause in clauses:
                pyEngine.retract(clause)

    def _stated(self, cases: Sequence[FactSet]) -> Iterator[tuple[str, Answer]]:
        for number, facts in enumerate(cases):
            for name, values in self._facts(number, facts):
                yield name, tuple([encode(value) for value in values])

    def _facts(self, number: int, facts: FactSet) -> Iterator[tuple[str, tuple[ModelValue, ...]]]:
        yield CASE, (number,)
        for relation in self._doubled.relations.values():
            predicate = relation.predicate
            if relation.possible_input:
                unsaid, is_number = unsaid_name(predicate.name), self._text.is_number(predicate)
                for key in facts.unknown.get(predicate.name, ()):
                    yield unsaid, (number, key, Unknown(predicate.name, key)) if is_number else (number, key)
            elif relation.origin in ("open", "closed"):
                for row in facts.known.get(predicate.name, ()):
                    yield predicate_name(relation.name), (number, *row)


def _rows_of(settled: Settled) -> Iterator[tuple[str, Answer]]:
    for relation, rows in settled.items():
        for row in rows:
            yield predicate_name(relation), row


def _ask(name: str, arity: int) -> Answers:
    """Every answer to a predicate with only variables: with constants pyDatalog would stop at the first."""
    answers = pyEngine.Literal(name, [pyEngine.Var(f"A{place}") for place in range(arity)]).ask()
    if not isinstance(answers, list):
        raise ValueError(f"pyDatalog has no list of answers to {name}: something in it has no value")
    return answers


def _grounds(name: str, arity: int) -> Grounds:
    """All ground rules, sorted by rule so that reasons stand in program order."""
    found: dict[tuple[int, str], list[Reason]] = defaultdict(list)
    for *case, relation, reason in _ask(name, arity):
        found[case[0] if case else 0, str(*decode([relation]))].append((reason[0], *decode(reason[1:])))
    for reasons in found.values():
        reasons.sort(key=lambda reason: (reason[0], repr(reason)))
    return found
