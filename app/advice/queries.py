"""Developers' queries: a casus and conditions with variables, answered one by one with what they rest on.

Goes in: a `Casus` and a checked `Query`. Comes out: `Antwoorden`, or the contradiction in the casus.
Must not know: HTTP, or how the bindings were found.

Two engines have their say: the knowledge base lists what is possible, the compiled engine tells which of
it is certain and why. Where they differ there is no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol

from app.advice import dates
from app.advice.advies import Beleid, Bewijs, Contradiction
from app.advice.advisor import PolicyBook
from app.advice.budget import UNLIMITED, Check
from app.advice.contradictions import contradiction
from app.advice.decided import Decided, EnginesDiffer
from app.advice.law.law import Law
from app.advice.listing import possible_on, regulated
from app.advice.question.casus import CASE_KEY, Casus, Flow, flatten
from app.advice.question.facts import facts_of
from app.advice.question.open_fields import OpenFields
from app.advice.reasons.plans import Premise, premise_of
from app.advice.reasons.possible_proofs import PossibleProofs
from app.engine.facts import FactSet
from app.engine.model import Engine, ModelRow, ModelValue
from app.kern.listing import Listing
from app.lang.ast import Comparison, Value
from app.lang.diagnostics import Diagnostics
from app.lang.printer import print_literal
from app.lang.program import Program
from app.lang.query import Query, read_query

Zekerheid = Literal["zeker", "mogelijk"]
MOST_STEPS: Final = 30_000
"""Nodes of all proofs in one answer together: some 10 MB of JSON. Answers beyond it are left out."""


@dataclass(frozen=True, slots=True)
class Reden:
    """Why one condition of the query holds, or can hold: then leaves of the proof are still open."""

    voorwaarde: str
    zekerheid: Zekerheid
    bewijs: Bewijs


@dataclass(frozen=True, slots=True)
class Antwoord:
    """Values for the variables: a word, a number, or None where the number is not known.

    Dates are numbers, as in rules (20260315). `zekerheid` is "zeker" when every condition certainly holds.
    """

    waarden: Mapping[str, Value | None]
    zekerheid: Zekerheid
    afleiding: tuple[Reden, ...]


@dataclass(frozen=True, slots=True)
class Antwoorden:
    """Answers to a query, in the order of their values; `meer` when there are more than these."""

    kenmerk: str | None
    peildatum: str
    beleid: Beleid
    vraag: str
    variabelen: tuple[str, ...]
    antwoorden: tuple[Antwoord, ...]
    meer: bool


class Found(Protocol):
    """The bindings of a query."""

    @property
    def rows(self) -> tuple[ModelRow, ...]: ...
    @property
    def more(self) -> bool: ...
    @property
    def seconds(self) -> float: ...


class Knowledge(Protocol):
    """Whoever finds the bindings; the engine layer's QueryWorker."""

    def ask(self, program: Program, facts: FactSet, query: Query) -> Found:
        """List everything possible; any failure is an exception."""


Took = Callable[[float], None]


def not_told(_: float) -> None:
    """Tell nobody."""


class Queries:
    """Answers queries. Safe to share between threads; keeps no answers."""

    def __init__(self, policies: PolicyBook, engine: Engine, knowledge: Knowledge) -> None:
        self._policies = policies
        self._engine = engine
        self._knowledge = knowledge
        self._laws: dict[int, Law] = {}

    def read(self, text: str, date: int) -> Query | Diagnostics:
        """Check a query against the law of a day (yyyymmdd)."""
        return read_query(text, self._policies.on(date).program)

    def answer(
        self, casus: Casus, query: Query, check: Check = UNLIMITED.check, took: Took = not_told
    ) -> Antwoorden | Contradiction:
        """Answer a query about a casus; any failure is an exception, never an answer.

        `check` is called now and then, and raises to stop it. `took` is told the processor time, in seconds, that
        finding the bindings took elsewhere.
        """
        law = self._law_on(casus.peildatum)
        flows = tuple(flatten(casus) or _listed(law, casus))
        facts = facts_of(casus, flows, law.form)
        check()
        decided = Decided(law, facts)
        if (refused := contradiction(decided)) is not None:
            return refused
        check()
        found = self._knowledge.ask(law.program, facts, query)
        took(found.seconds)
        given, cut = _Answers(decided, query, OpenFields(law.form, flows, facts=facts)).within(
            MOST_STEPS, found.rows, check
        )
        return Antwoorden(
            casus.kenmerk,
            dates.iso(casus.peildatum),
            Beleid(self._policies.version, law.program.hash),
            query.text,
            query.variables,
            given,
            found.more or cut,
        )

    def _law_on(self, date: int) -> Law:
        """The law of a day, with everything its rules can say; made once per program."""
        program = self._policies.on(date).program
        law = self._laws.get(id(program))
        if law is None or law.program is not program:
            law = self._laws[id(program)] = Law(self._engine.prepare(program))
        return law


class _Answers:
    """The answers about one decided case."""

    def __init__(self, decided: Decided, query: Query, sheet: OpenFields) -> None:
        self._model = decided.kern
        self._variables = query.variables
        self._possibilities = PossibleProofs(decided, sheet)
        self._steps: dict[int, tuple[Bewijs, int]] = {}
        place = {name: index for index, name in enumerate(query.variables)}
        self._conditions = [
            (print_literal(one), premise_of(one, place)) for one in query.literals if not isinstance(one, Comparison)
        ]

    def within(self, most: int, rows: Iterable[ModelRow], check: Check) -> tuple[tuple[Antwoord, ...], bool]:
        """Answer rows until their proofs together have more than `most` nodes; and whether that left any out.

        Many answers can rest on the same large proof, and each is written with all of it. The first is always given.
        """
        given: list[Antwoord] = []
        for row in rows:
            check()
            answer = self.answer(row)
            most -= sum(self._size(reason.bewijs) for reason in answer.afleiding)
            if most < 0 and given:
                return tuple(given), True
            given.append(answer)
        return tuple(given), False

    def _size(self, proof: Bewijs) -> int:
        """How many nodes a proof has when it is written out; proofs share parts, so each is counted once."""
        found = self._steps.get(id(proof))
        if found is None:
            # Kept with its size: an id is one object's for as long as that lives.
            found = self._steps[id(proof)] = (proof, 1 + sum(map(self._size, proof.premissen)))
        return found[1]

    def answer(self, values: ModelRow) -> Antwoord:
        """Say of one binding whether it is certain, and why."""
        reasons = tuple(self._reason(text, premise, premise.row(values)) for text, premise in self._conditions)
        certain = all(reason.zekerheid == "zeker" for reason in reasons)
        shown = {name: _shown(value) for name, value in zip(self._variables, values, strict=True)}
        return Antwoord(shown, "zeker" if certain else "mogelijk", reasons)

    def _reason(self, text: str, premise: Premise, row: ModelRow) -> Reden:
        certain = self._model.holds("zeker", premise.predicate, row)
        possible = certain or self._model.holds("mogelijk", premise.predicate, row)
        if certain == possible and certain != premise.positive:
            raise EnginesDiffer
        proof = self._possibilities.proof(premise.predicate, row, premise.positive)
        return Reden(text, "zeker" if certain == possible else "mogelijk", proof)


def _shown(value: ModelValue) -> Value | None:
    return value if isinstance(value, str | int) else None


def _listed(law: Law, casus: Casus) -> Iterable[Flow]:
    """The flows that the listing would ask about: those that can be permitted on a statutory ground."""
    asked = regulated(law)
    facts = facts_of(casus, asked.flows[:1], law.form)
    possible = possible_on(Listing(law.kern.classes, facts, asked.flows[0].key, asked.candidates), asked.pairs)
    wanted = {key for key, _ in possible}
    kept = (flow for flow in asked.flows if flow.key in wanted)
    return tuple(replace(flow, key=f"{CASE_KEY}.d{index}") for index, flow in enumerate(kept))
