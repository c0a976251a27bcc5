"""The adviser: one casus in, one advies (or the contradiction in it) out.

Goes in: a `Casus` and the policies in force on its date. Comes out: `Advies | Contradiction`.
Must not know: HTTP, files, or any predicate that the vocabulary does not declare as output.

Fail closed: what goes wrong is an exception, never an answer. No answer is kept; what is kept per
program is what follows from its text alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol
from uuid import uuid4

from app.advice import contract, dates, picture
from app.advice.advies import Advies, Alternatief, Beleid, Contradiction, DelingAdvies, DelingVraag
from app.advice.answers import Asked, Sheet
from app.advice.budget import UNLIMITED, Check
from app.advice.casus import CASE_KEY, Casus, Flow, flatten
from app.advice.contradictions import contradiction
from app.advice.decided import Decided
from app.advice.explain import Explainer
from app.advice.horizon import Horizon, State
from app.advice.judge import Judge
from app.advice.law import Law
from app.advice.missing import Missing
from app.advice.stating import facts_of, with_flows
from app.advice.streams import streams
from app.advice.telling import Told, paragraph
from app.engine.facts import FactSet, Row
from app.engine.model import Decider, Model


class PolicyBook(Protocol):
    """The law by date. Dates are yyyymmdd."""

    @property
    def version(self) -> str:
        """The name of the policy set, for people."""

    def on(self, date: int) -> Decider:
        """The decider of the regimes in force on a date; the same object for the same program."""

    def next_change(self, date: int) -> int | None:
        """The first day after `date` on which other regimes are in force; None when that never happens."""


class Advisor:
    """Advises on cases. Safe to share between threads and coroutines; keeps no answers."""

    def __init__(self, policies: PolicyBook) -> None:
        self._policies = policies
        self._laws: dict[int, Law] = {}
        self._horizon = Horizon(self.law_on, policies.next_change)

    def law_on(self, date: int) -> Law:
        """The law of a day as the advice layer reads it; made once per program."""
        decider = self._policies.on(date)
        law = self._laws.get(id(decider))
        if law is None or law.decider is not decider:
            law = self._laws[id(decider)] = Law(decider)
        return law

    def advise(self, casus: Casus, explain: bool = False, check: Check = UNLIMITED.check) -> Advies | Contradiction:
        """Decide a casus; any failure is an exception, never an answer. `check` is called between steps."""
        law = self.law_on(casus.peildatum)
        flows = flatten(casus)
        decided = Decided(law, facts_of(casus, flows, law.form))
        if (refused := contradiction(decided)) is not None:
            return refused
        advised = _Flows(decided, casus, flows, self._horizon, check).advise(explain)
        return Advies(
            str(uuid4()),
            casus.kenmerk,
            dates.iso(casus.peildatum),
            Beleid(self._policies.version, law.program.hash),
            picture.jongere(decided, CASE_KEY),
            picture.taken(decided),
            advised,
            streams(law, casus, self._horizon, check) if "delingen" not in casus.data else None,
        )


class _Flows:
    """The advice about the flows of one decided case."""

    def __init__(
        self,
        decided: Decided,
        casus: Casus,
        flows: Sequence[Flow],
        horizon: Horizon,
        check: Check,
    ) -> None:
        self.law = decided.law
        self.facts = decided.facts
        self.casus = casus
        self.flows = flows
        self.judge = Judge(decided)
        self.decided = decided
        self.missing = Missing(decided, Sheet(self.law.form, flows), casus.peildatum, check)
        self.horizon = horizon
        self.check = check

    def advise(self, explain: bool) -> tuple[DelingAdvies, ...]:
        """Advise on every flow, in the order asked."""
        explainer = Explainer(self.decided) if explain else None
        if not self.flows:
            return ()
        oordelen = {flow.key: self.judge.oordeel(flow.key) for flow in self.flows}
        read = partial(_reader(oordelen), self.judge.model)
        until = self.horizon.until(self.casus.peildatum, self.facts, oordelen, read, self._norms, self.check)
        detours = self._detours([flow for flow in self.flows if oordelen[flow.key] == contract.ALLEEN_MET_TOESTEMMING])
        return tuple(
            self._one(flow, oordelen[flow.key], until[flow.key], detours.get(flow.key, ()), explainer)
            for flow in self.flows
        )

    def _one(
        self,
        flow: Flow,
        oordeel: str,
        until: int | None,
        detours: Sequence[Alternatief],
        explainer: Explainer | None,
    ) -> DelingAdvies:
        self.check()
        judge, key = self.judge, flow.key
        norms = judge.norms(key)
        stappen = judge.stappen(key, judge.reached(key, norms))
        asked = self._asked(key, oordeel, norms)
        verplichtingen = judge.verplichtingen(key)
        alternatieven = (*judge.alternatieven(key), *detours)
        closed = judge.closed(key, norms) if oordeel == contract.ALLEEN_MET_TOESTEMMING else ()
        verdict, duties = judge.verdict(key, oordeel), judge.duties(verplichtingen)
        return DelingAdvies(
            DelingVraag(flow.verstrekker, flow.ontvanger, flow.gegeven, flow.doel),
            oordeel,
            judge.grondslagen(key, norms),
            stappen,
            tuple([one.line for one in asked]),
            verplichtingen,
            alternatieven,
            judge.kanttekeningen(key),
            None if until is None else dates.iso(until),
            paragraph(Told(oordeel, verdict, stappen, asked, duties, closed, alternatieven, until)),
            None if explainer is None else explainer.afleiding(key, norms),
        )

    def _norms(self, law: Law, facts: FactSet, pending: Sequence[object]) -> Iterable[str]:
        """The norms that speak of some of the flows, under the law of a later day."""
        if law is self.law:
            return dict.fromkeys(norm for key in pending for norm in self.judge.norms(str(key)))
        asked = set(pending)
        rows = law.decider.rows_only(facts, "zeker", contract.BETREFT)
        return dict.fromkeys(str(row[1]) for row in rows if row[0] in asked)

    def _asked(self, key: str, oordeel: str, norms: Iterable[str]) -> Sequence[Asked]:
        if oordeel in (contract.TOEGESTAAN, contract.NIET_TOEGESTAAN):
            return ()
        box = self.missing.smallest(key, norms)
        return () if box is None else self.missing.sheet.asked(box)

    def _detours(self, flows: Iterable[Flow]) -> Mapping[str, Sequence[Alternatief]]:
        """Find for flows that need consent the detours both legs of which are permitted as they stand."""
        legs: list[Flow] = []
        tried: list[tuple[Flow, Row, str, str]] = []
        for flow in flows:
            asked = (flow.verstrekker, flow.ontvanger, flow.gegeven, flow.doel)
            for via in self.law.omwegen.get(asked, ()):
                there = self._leg(flow, flow.verstrekker, via, len(legs))
                onward = self._leg(flow, via, flow.ontvanger, len(legs) + 1)
                legs += (there, onward)
                tried.append((flow, (*asked, via), there.key, onward.key))
        if not tried:
            return {}
        asked_of_legs = with_flows(self.facts, legs, self.law.form)
        decided = self.law.decider.rows_after(self.judge.model, asked_of_legs, "zeker", contract.OORDEEL)
        found: dict[str, list[Alternatief]] = {}
        for flow, row, there_key, onward_key in tried:
            if (there_key, contract.TOEGESTAAN) in decided and (onward_key, contract.TOEGESTAAN) in decided:
                other = Alternatief(route=str(row[-1]), toelichting=self.judge.omweg(row))
                found.setdefault(flow.key, []).append(other)
        return found

    def _leg(self, flow: Flow, verstrekker: str, ontvanger: str, number: int) -> Flow:
        data = {**flow.data, "verstrekker": verstrekker, "ontvanger": ontvanger}
        return replace(flow, key=f"{CASE_KEY}.d{number}", verstrekker=verstrekker, ontvanger=ontvanger, data=data)


def _reader(oordelen: State) -> Callable[[Model, Law, FactSet], State]:
    """Choose how to see whether these oordelen still hold: where all permit, by the norms that permit."""
    return _permitted if set(oordelen.values()) == {contract.TOEGESTAAN} else _read


def _permitted(model: Model, law: Law, facts: FactSet) -> State:
    return {row[0]: contract.TOEGESTAAN for row in law.decider.rows_after(model, facts, "zeker", contract.MAG)}


def _read(model: Model, law: Law, facts: FactSet) -> State:
    return {row[0]: str(row[1]) for row in law.decider.rows_after(model, facts, "zeker", contract.OORDEEL)}
