"""The adviser: one casus in, one advies (or the contradiction in it) out.

Goes in: a `Casus` and the policies in force on its date. Comes out: `Advies | Contradiction`.
Must not know: HTTP, files, or any predicate that the vocabulary does not declare as output.

Fail closed: what goes wrong is an exception, never an answer. No answer is kept; what is kept per
program is what follows from its text alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol
from uuid import uuid4

from app.advice import contract, dates, person, red_lines
from app.advice.advies import Advies, Alternatief, Beleid, Contradiction, DelingAdvies, DelingVraag
from app.advice.budget import UNLIMITED, Check
from app.advice.contradictions import contradiction
from app.advice.decided import Decided
from app.advice.judge import Judge
from app.advice.kantelpunten import Kantelpunten
from app.advice.law.law import Law
from app.advice.listing import streams, warm_up
from app.advice.missing.exceptional import Exceptional
from app.advice.missing.norm_ways import WayFinder
from app.advice.missing.smallest import Missing
from app.advice.question.casus import CASE_KEY, PROPOSED, Casus, Flow, flatten
from app.advice.question.extras import NO_EXTRAS, Extras
from app.advice.question.facts import facts_of, with_flows
from app.advice.question.open_fields import OpenFields
from app.advice.reasons.explanation import Explainer
from app.advice.reasons.paragraph import Told, paragraph
from app.advice.reasons.why_not import WhyNot
from app.advice.until.last_days import Claim, End, Until
from app.engine.facts import Row
from app.engine.model import Decider
from app.kern.values import CERTAIN, IMPOSSIBLE


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
        self._until = Until(self.law_on, policies.next_change)

    def law_on(self, date: int) -> Law:
        """The law of a day as the advice layer reads it; made once per program."""
        decider = self._policies.on(date)
        law = self._laws.get(id(decider))
        if law is None or law.decider is not decider:
            law = self._laws[id(decider)] = Law(decider)
        return law

    def warm_up(self, days: Iterable[int]) -> None:
        """Make the law of some days (yyyymmdd) ready, so that no caller waits for it."""
        for day in days:
            warm_up(self.law_on(day))

    def advise(
        self, casus: Casus, extras: Extras = NO_EXTRAS, check: Check = UNLIMITED.check
    ) -> Advies | Contradiction:
        """Decide a casus; any failure is an exception, never an answer. `check` is called between steps."""
        law = self.law_on(casus.peildatum)
        flows = flatten(casus)
        decided = Decided(law, facts_of(casus, flows, law.form))
        if (refused := contradiction(decided)) is not None:
            return refused
        decided.confirm()
        red_lines.refuse(decided)
        advised = _Flows(decided, casus, flows, self._until, check).advise(extras)
        return Advies(
            str(uuid4()),
            casus.kenmerk,
            dates.iso(casus.peildatum),
            Beleid(self._policies.version, law.program.hash),
            person.jongere(decided),
            person.taken(decided),
            advised,
            streams(law, casus, self._until, check) if extras.stromen or PROPOSED not in casus.data else None,
        )


class _Flows:
    """The advice about the flows of one decided case."""

    def __init__(
        self,
        decided: Decided,
        casus: Casus,
        flows: Sequence[Flow],
        until: Until,
        check: Check,
    ) -> None:
        self.law = decided.law
        self.facts = decided.facts
        self.casus = casus
        self.flows = flows
        why_not = WhyNot(decided)
        self.sheet = OpenFields(self.law.form, flows, self._can_hold, self.facts)
        self.judges = {flow.key: Judge(decided, flow.key, why_not, self.sheet) for flow in flows}
        self.decided = decided
        missing = Missing(decided, self.sheet, casus.peildatum, check)
        self.finder = WayFinder(self.law, missing, Exceptional(decided, missing, check))
        self.until = until
        self.check = check

    def _can_hold(self, predicate: str, flow: str) -> bool:
        """Whether a predicate about a flow alone is certain or possible."""
        judged = self.judges[flow].flow
        node = judged.nodes(predicate).get(())
        return node is not None and judged.evaluation.value(node) != IMPOSSIBLE

    def advise(self, extras: Extras) -> tuple[DelingAdvies, ...]:
        """Advise on every flow, in the order asked."""
        explainer = Explainer(self.decided, self.sheet) if extras.uitleg else None
        kantelpunten = Kantelpunten(self.decided, self.check) if extras.kantelpunten else None
        if not self.flows:
            return ()
        oordelen = {key: judge.oordeel() for key, judge in self.judges.items()}
        claims = {key: Claim(key, contract.OORDEEL, (oordeel,), CERTAIN) for key, oordeel in oordelen.items()}
        until = self.until.last_days(self.casus.peildatum, self.decided.kern, claims, self.check)
        detours = self._detours([flow for flow in self.flows if oordelen[flow.key] == contract.ALLEEN_MET_TOESTEMMING])
        return tuple(
            self._one(flow, oordelen[flow.key], until[flow.key], detours.get(flow.key, ()), kantelpunten, explainer)
            for flow in self.flows
        )

    def _one(
        self,
        flow: Flow,
        oordeel: str,
        end: End | None,
        detours: Sequence[Alternatief],
        kantelpunten: Kantelpunten | None,
        explainer: Explainer | None,
    ) -> DelingAdvies:
        self.check()
        judge = self.judges[flow.key]
        norms = judge.norms()
        ways = self.finder.ways(judge.flow, norms, judge.status)
        stappen = judge.stappen(judge.shown(norms, ways))
        asked = self.finder.asked(ways)
        verplichtingen = judge.verplichtingen()
        alternatieven = (*judge.alternatieven(), *detours)
        closed = judge.closed(ways.about(norms)) if oordeel == contract.ALLEEN_MET_TOESTEMMING else ()
        unclear = oordeel == contract.ONDER_VOORWAARDEN and not ways.without_consent()
        waits_for, last = self.finder.waits_for(ways), None if end is None else end.day
        verdict, duties = judge.verdict(oordeel), judge.duties(verplichtingen)
        return DelingAdvies(
            DelingVraag(flow.verstrekker, flow.ontvanger, flow.gegeven, flow.doel),
            oordeel,
            self.law.summary.of(flow, oordeel, waits_for, unclear),
            judge.grondslagen(norms, flow.gegeven),
            self.finder.lines(ways, asked, flow.gegeven),
            waits_for,
            stappen,
            asked,
            verplichtingen,
            judge.voor_de_jongere(flow) if oordeel == contract.TOEGESTAAN else None,
            alternatieven,
            judge.kanttekeningen(),
            None if last is None else dates.iso(last),
            None if end is None else end.reason,
            paragraph(
                Told(oordeel, verdict, stappen, asked, duties, closed, alternatieven, end, unclear, judge.lapsed())
            ),
            None if kantelpunten is None else kantelpunten.of(flow, oordeel),
            None if explainer is None else explainer.afleiding(flow.key, norms),
        )

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
        both = self.law.kern.decide(with_flows(self.facts, legs, self.law.form))
        red_lines.refuse_flows(both.flows().values())
        decided = both.rows("zeker", contract.OORDEEL)
        found: dict[str, list[Alternatief]] = {}
        for flow, row, there_key, onward_key in tried:
            if (there_key, contract.TOEGESTAAN) in decided and (onward_key, contract.TOEGESTAAN) in decided:
                other = Alternatief(route=str(row[-1]), toelichting=self._omweg(row))
                found.setdefault(flow.key, []).append(other)
        return found

    def _omweg(self, row: Row) -> str:
        """Why a detour is one, in words; `row` names it with the party in between last."""
        return self.law.texts.uitleg(self.law.first(self.decided.kern.why("zeker", contract.OMWEG, row)))

    def _leg(self, flow: Flow, verstrekker: str, ontvanger: str, number: int) -> Flow:
        data = {**flow.data, "verstrekker": verstrekker, "ontvanger": ontvanger}
        return replace(flow, key=f"{CASE_KEY}.d{number}", verstrekker=verstrekker, ontvanger=ontvanger, data=data)
