"""What each part of one law does: whether any case is decided otherwise without it, and which scenarios show it.

Goes in: a program, its outcomes, and scenarios stated as facts. Comes out: a `Judged` per rule, condition and row.
Must not know: any predicate by name, or how the result is told.

Scenarios and cases drawn near them are tried first, thousands at once; only a part that none of them shows is looked at
over all cases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from random import Random
from typing import Final, Literal

from app.analysis.omission import Lacking, Omission, lacking, of_program, with_few_rows
from app.analysis.rows_held import RowsHeld, WithoutPart
from app.analysis.samples import Drawing, Samples, stated
from app.engine.facts import FactSet
from app.kern.cudd import Bdd
from app.kern.every_flow import ENTRIES
from app.kern.example import Example
from app.kern.row_graph import FullSpace, RowGround, RowSpace
from app.kern.terms import Key
from app.lang.ast import Fact, Rule, Value
from app.lang.program import Program
from app.record import record

Kind = Literal["beslissend", "alleen_gedeeltelijk", "verklarend", "dood", "onbekend"]
DRAWN: Final = 5
"""Full cases drawn near each flow of a scenario, and as many partial ones."""
SEED: Final = 2026


@record
class Judged:
    """What a part of a law does.

    `kind`: beslissend: a case of which everything is known is decided otherwise without it. alleen_gedeeltelijk: only a
    case of which something is unknown is. verklarend: no case is. dood: the rule never applies. onbekend: the kern does
    not understand the law without it. `shown`: the scenarios, by place, whose answer changes without it.
    """

    omission: Omission
    kind: Kind
    shown: tuple[int, ...]


@record
class Outcomes:
    """The predicates that an answer tells: those of a `refused` case only `refusing`, of any other case all of them."""

    told: Collection[str]
    refusing: str


class Judging:
    """The parts of one law."""

    def __init__(self, program: Program, outcomes: Outcomes, questions: Sequence[FactSet]) -> None:
        self._outcomes = outcomes
        self._ground = ground = RowGround(program, (*outcomes.told, outcomes.refusing))
        found = [one for part in of_program(program) if self._is_read(part) and (one := lacking(ground, part))]
        self._parts = with_few_rows(ground, found)
        known = {one.omission for one in self._parts}
        self._refused = [part for part in of_program(program) if self._is_read(part) and part not in known]
        self._space = RowSpace(ground, self._read())
        self._cases, self._of = self._stated(questions)
        drawing = Drawing(self._space, Random(SEED))  # noqa: S311  # cases to try, no secrets
        full = [drawing.near(one, full=True) for one in self._cases for _ in range(DRAWN)]
        partial = [drawing.near(one, full=False) for one in self._cases for _ in range(DRAWN)]
        self._some = _Some(self, Samples(self._space, [*self._cases, *full, *partial]), len(full))

    def judge(self, wanted: Collection[tuple[str, int]] | None = None) -> Iterator[Judged]:
        """Judge every part, or those of the clauses at some places (file and line)."""
        for part in self._parts:
            if wanted is None or place(part.omission) in wanted:
                yield self._judged(part)
        for omission in self._refused:
            if wanted is None or place(omission) in wanted:
                yield Judged(omission, "onbekend", ())

    def _judged(self, part: Lacking) -> Judged:
        shown, in_full, in_partial = self._some.changed(part)
        if in_full or self._full_cases.changed(part):
            return Judged(part.omission, "beslissend", shown)
        if in_partial or self._all_cases.changed(part):
            return Judged(part.omission, "alleen_gedeeltelijk", shown)
        return Judged(part.omission, "verklarend" if self._applies(part) else "dood", shown)

    @cached_property
    def _full_cases(self) -> _All:
        return _All(self, FullSpace(self._space))

    @cached_property
    def _all_cases(self) -> _All:
        return _All(self, self._space)

    def _applies(self, part: Lacking) -> bool:
        """Whether a rule applies in some case; of a row of a table this is not asked."""
        clause = part.omission.clause
        if isinstance(clause, Fact):
            return True
        index = next(at for at, rule in enumerate(self._ground.program.rules) if rule is clause)
        nodes = [one.node for given in self._ground.given[index].values() for one in given]
        return self._some.applies(nodes) or self._all_cases.applies(nodes)

    def _is_read(self, part: Omission) -> bool:
        clause = part.clause
        if isinstance(clause, Rule):
            return clause.head.predicate in self._ground.order
        return clause.atom.predicate in self._ground.needed

    def _read(self) -> frozenset[int]:
        given = chain(self._ground.given.values(), *(one.rules.values() for one in self._parts))
        derived = chain(self._ground.derived.values(), *(one.derived.values() for one in self._parts))
        return self._ground.read_by(given) | {one.node for given in derived for one in given}

    def _stated(self, questions: Iterable[FactSet]) -> tuple[list[Example], list[tuple[int, bool]]]:
        """Every flow of every question as an example; and of which question it is, and whether it proposes the flow."""
        cases: list[Example] = []
        of: list[tuple[int, bool]] = []
        for at, facts in enumerate(questions):
            for keys, words, proposed in self._flows(facts):
                cases.append(stated(self._space, facts, keys, words))
                of.append((at, proposed))
        return cases, of

    def _flows(self, facts: FactSet) -> Iterator[tuple[dict[Key, Value], tuple[Value, ...], bool]]:
        shape = self._ground.shape
        flows = facts.known.get(shape.flow or "", ())
        if not flows:
            words = tuple(next(iter(choice.cubes)) for choice in self._space.places.values())
            yield {shape.case: self._case_key(facts)}, words, False
        for case_key, key, *rest in flows:
            keys = {shape.case: case_key, shape.flow_key: key}
            for domain, name in shape.entries.items():
                mine = [row[1] for row in facts.known.get(name, ()) if (row[0], *row[2:]) == (case_key, *rest)]
                keys |= {Key(domain, number): entry for number, entry in enumerate(mine[:ENTRIES])}
            yield keys, tuple(rest), True

    def _case_key(self, facts: FactSet) -> Value:
        name = next(cell.predicate for cell in self._space.numbers if self._space.is_clock(cell))
        return facts.known[name][0][0]


class _Some:
    """The cases of scenarios and those drawn near them."""

    def __init__(self, judging: Judging, samples: Samples, full: int) -> None:
        self._outcomes = judging._outcomes
        self._of = judging._of
        self._of_flow = judging._ground.shape.of_flow
        self._held = RowsHeld(judging._ground, samples)
        refused = self._held.any_of(self._outcomes.refusing)
        self._inside = ~refused
        self._first = (1 << len(self._of)) - 1
        self._full = (1 << len(self._of) + full) - 1 & ~self._first
        self._every = (1 << len(samples.cases)) - 1
        self._proposed = sum(1 << at for at, (_, proposed) in enumerate(self._of) if proposed)
        self._proposed |= self._every & ~self._first

    def changed(self, part: Lacking) -> tuple[tuple[int, ...], bool, bool]:
        """Return the questions of which an outcome changes, whether a full case changes, and whether any case does."""
        found = 0
        for change in WithoutPart(self._held, part).changes((*self._outcomes.told, self._outcomes.refusing)):
            where = change.where & self._every
            if change.predicate != self._outcomes.refusing:
                where &= self._inside
            found |= where & self._proposed if change.predicate in self._of_flow else where
        shown = dict.fromkeys(self._of[at][0] for at in range(len(self._of)) if found >> at & 1)
        return tuple(shown), bool(found & self._full), bool(found)

    def applies(self, nodes: Iterable[int]) -> bool:
        """Whether a ground rule can hold in one of the cases."""
        return any(self._held.pair(node).possible & self._inside & self._every for node in nodes)


class _All:
    """All cases of a space."""

    def __init__(self, judging: Judging, space: RowSpace | FullSpace) -> None:
        self._outcomes = judging._outcomes
        self._space = space
        self._held = RowsHeld(judging._ground, space)
        self._inside: Bdd = space.valid & ~self._held.any_of(self._outcomes.refusing)

    def changed(self, part: Lacking) -> bool:
        """Whether an outcome of some case changes."""
        for change in WithoutPart(self._held, part).changes((*self._outcomes.told, self._outcomes.refusing)):
            among = self._space.valid if change.predicate == self._outcomes.refusing else self._inside
            if change.where & among != self._space.bdd.false:
                return True
        return False

    def applies(self, nodes: Iterable[int]) -> bool:
        """Whether a ground rule can hold in some case."""
        return any(self._held.pair(node).possible & self._inside != self._space.bdd.false for node in nodes)


def place(omission: Omission) -> tuple[str, int]:
    """Return the file and the line of a part's clause."""
    return omission.clause.span.file, omission.clause.span.line
