"""The judge: what the decided case says about one flow, in the contract's words.

Goes in: the decided case. Comes out: oordeel, grounds, steps, duties, alternatives, reservations and the sentences of
the paragraph. Must not know: how the case was decided, or what any norm means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from app.advice import contract
from app.advice.advies import STATUS_WORDS, Alternatief, Grondslag, Kanttekening, Stap, VoorDeJongere
from app.advice.decided import Decided
from app.advice.law.texts import sentence
from app.advice.missing.norm_ways import Ways
from app.advice.question.casus import Flow
from app.advice.question.open_fields import OpenFields
from app.advice.reasons.why_not import WhyNot
from app.engine.model import Justification, ModelRow
from app.kern.model import Judged
from app.kern.support import support
from app.kern.terms import Row
from app.kern.values import CERTAIN, IMPOSSIBLE, POSSIBLE, Status
from app.record import record

DOUBT = "Twijfelt u? Vraag het aan de privacy officer."
MOST_REASONS = 3
_NUMBERS = range(1, len(contract.STAPPEN) + 1)


class UndecidedError(RuntimeError):
    """The rules gave a flow no oordeel, or more than one: no advice can be given."""


@record
class Reached:
    """How far one norm got for one flow: the status of each step."""

    norm: str
    statuses: Sequence[Status]


class Judge:
    """Reads one flow of a decided case."""

    def __init__(self, decided: Decided, deling: str, why_not: WhyNot, sheet: OpenFields) -> None:
        self._sheet = sheet
        self.law = decided.law
        self.flow: Judged = decided.kern.flows()[deling]
        self.flow.prepare()
        self._deling = deling
        self._why_not = why_not
        self._value = self.flow.evaluation.value
        self._mag = self.flow.nodes(contract.MAG)
        self._stap = self.flow.nodes(contract.STAP)

    def oordeel(self) -> str:
        """The one verdict on the flow; `UndecidedError` when there is not exactly one."""
        found = self.flow.certain(contract.OORDEEL)
        if len(found) != 1:
            raise UndecidedError(f"{len(found)} oordelen for one deling")
        return str(found[0][0])

    def norms(self) -> list[str]:
        """The norms that speak of the flow, in vocabulary order."""
        return sorted((str(row[0]) for row in self.flow.certain(contract.BETREFT)), key=self.law.norm_place)

    def reached(self, norms: Iterable[str]) -> Reached | None:
        """Choose of some norms the one that comes nearest: fewest failed steps, fewest open ones, first."""
        best: Reached | None = None
        least: tuple[int, int] | None = None
        for norm in norms:
            statuses = [self._status(self._stap, (norm, number)) for number in _NUMBERS]
            rank = (statuses.count(IMPOSSIBLE), statuses.count(POSSIBLE))
            if least is None or rank < least:
                best, least = Reached(norm, statuses), rank
        return best

    def shown(self, norms: Sequence[str], ways: Ways) -> Reached | None:
        """Choose the norm to show the steps of: that of the first way, else the one that the question is about."""
        if ways.first is not None:
            return self.reached((ways.first.norm,))
        return self.reached(ways.about(norms)) or self.reached(ways.consent(norms))

    def permits(self, norm: str) -> bool:
        """Whether the flow is permitted on a norm."""
        return self.status(norm) == CERTAIN

    def status(self, norm: str) -> Status:
        """Whether the flow is permitted on a norm, can be, or cannot."""
        return self._status(self._mag, (norm,))

    def grondslagen(self, norms: Iterable[str], gegeven: str) -> tuple[Grondslag, ...]:
        """The grounds on which an item may be shared: those whose four steps are met."""
        found: list[Grondslag] = []
        for norm in norms:
            if self.permits(norm):
                grondslag, code = self.law.grondslag[norm], self.law.code(norm, gegeven)
                if any(one.norm == code and one.grondslag == grondslag for one in found):
                    continue  # carried along with several norms on one ground
                bronnen = self.law.bronnen(*self.law.first(self._why(contract.STAP, (norm, 1))))
                if code != norm:  # carried along, on articles of its own
                    carried = self.law.first(self._why(contract.BETREFT, (norm,)))
                    bronnen = tuple(dict.fromkeys((*bronnen, *self.law.bronnen(*carried))))
                found.append(Grondslag(grondslag, self.law.avg_of(norm), code, bronnen))
        return tuple(found)

    def stappen(self, reached: Reached | None) -> tuple[Stap, ...]:
        """The four steps of the chosen norm, each with the reason for its status."""
        found: list[Stap] = []
        for number, name in enumerate(contract.STAPPEN, 1):
            status = IMPOSSIBLE if reached is None else reached.statuses[number - 1]
            velden = () if reached is None else self._places(reached.norm, number)
            found.append(Stap(number, name, STATUS_WORDS[status], self._step_text(reached, number, status), velden))
        return tuple(found)

    def _places(self, norm: str, number: int) -> tuple[str, ...]:
        """The places in the question that the status of a step rests on."""
        node = self._stap.get((norm, number))
        if node is None:
            return ()
        evaluation = self.flow.evaluation
        return self._sheet.places((cell.predicate, evaluation.key(cell)) for cell in support(evaluation, node))

    def verplichtingen(self) -> tuple[str, ...]:
        """What must be done when sharing, in vocabulary order."""
        said = {row[0] for row in self.flow.certain(contract.VERPLICHTING)}
        if not said:
            return ()
        return tuple(duty for duty in self.law.vocabulary.domain_of(contract.VERPLICHTING, 1).values if duty in said)

    def voor_de_jongere(self, proposed: Flow) -> VoorDeJongere | None:
        """Write what the young person is told of the flow; None where the rules, or an earlier law, have nothing."""
        texts = self.law.for_young_person
        if not texts.speaks:
            return None
        return texts.of(proposed, self.flow.certain(contract.RECHT), self.flow.certain(contract.MEDEDELING))

    def alternatieven(self) -> tuple[Alternatief, ...]:
        """Other items and other ways that the rules name."""
        items = [
            Alternatief(gegeven=str(rest[0]), toelichting=self._uitleg(contract.ALTERNATIEF_GEGEVEN, rest))
            for rest in self._in_order(contract.ALTERNATIEF_GEGEVEN)
        ]
        ways = [
            Alternatief(route=str(rest[0]), toelichting=self._uitleg(contract.ALTERNATIEF_ROUTE, rest))
            for rest in self._in_order(contract.ALTERNATIEF_ROUTE)
        ]
        return (*items, *ways)

    def kanttekeningen(self) -> tuple[Kanttekening, ...]:
        """The reservations, in vocabulary order; an interpretation ends with whom to ask."""
        found: list[Kanttekening] = []
        for rest in self._in_order(contract.KANTTEKENING):
            reason = self.law.first(self._why(contract.KANTTEKENING, known(rest)))
            text = self.law.texts.uitleg(reason)
            if reason.rule.metadata is not None and reason.rule.metadata.interpretaties:
                text = f"{text} {DOUBT}"
            found.append(Kanttekening(str(rest[0]), text))
        return tuple(found)

    def duties(self, verplichtingen: Iterable[str]) -> list[str]:
        """What must be done when sharing, in words."""
        domain = self.law.vocabulary.predicates[contract.VERPLICHTING].arguments[-1].domain
        return [self.law.texts.label(domain, duty) for duty in verplichtingen]

    def verdict(self, oordeel: str) -> str:
        """The oordeel in a sentence."""
        return self._uitleg(contract.OORDEEL, (oordeel,))

    def lapsed(self) -> str:
        """Why the purpose of the flow no longer exists; "" where it does, or where the policy set does not say so."""
        if contract.DOEL_VERVALT not in self.law.vocabulary.predicates:
            return ""
        return self._uitleg(contract.DOEL_VERVALT, ()) if self.flow.certain(contract.DOEL_VERVALT) else ""

    def closed(self, norms: Iterable[str]) -> list[str]:
        """Reasons why the nearest of some norms that are ruled out fails; empty if none of them is."""
        reached = self.reached([norm for norm in norms if not self.status(norm)])
        if reached is None:
            return []
        failed = [number for number in _NUMBERS if reached.statuses[number - 1] == IMPOSSIBLE]
        return [self._step_text(reached, number, IMPOSSIBLE) for number in failed[:1]]

    def _in_order(self, output: str) -> list[ModelRow]:
        """The certain rows of an output about the flow, in vocabulary order of what they say of it."""
        rows = self.flow.certain(output)
        if len(rows) < 2:
            return rows
        order = self.law.vocabulary.domain_of(output, 1).values
        return sorted(rows, key=lambda row: order.index(str(row[0])))

    def _status(self, nodes: Mapping[Row, int], rest: Row) -> Status:
        node = nodes.get(rest)
        return IMPOSSIBLE if node is None else cast(Status, self._value(node))

    def _step_text(self, reached: Reached | None, number: int, status: Status) -> str:
        if reached is None:
            return "Geen enkele regel gaat over deze deling."
        if status == CERTAIN:
            return self._uitleg(contract.STAP, (reached.norm, number))
        row = (self._deling, reached.norm, number)
        reasons = self._why_not.reasons(contract.STAP, row, status)[:MOST_REASONS]
        if not reasons:
            return sentence(self.law.texts.denial(contract.STAP, row))
        if status == POSSIBLE:
            return _still_open(reasons)
        return " ".join(dict.fromkeys(map(sentence, reasons)))

    def _why(self, predicate: str, rest: Row) -> Sequence[Justification]:
        """The reasons for a row of the rule to show; while ties are looked for, those of every rule."""
        return self.flow.why(predicate, rest, first_rule=not self.law.ties.watched)

    def _uitleg(self, predicate: str, rest: ModelRow) -> str:
        """The explanation of the rule that goes first of those that gave a fact."""
        texts, reasons = self.law.texts, self._why(predicate, known(rest))
        if not reasons:
            return sentence(texts.fact(predicate, (self._deling, *rest)))
        return texts.uitleg(self.law.first(reasons))


def _still_open(reasons: Sequence[str]) -> str:
    """Say what a step waits for: in one sentence where that is short, else in one each."""
    if len(reasons) == 1 and ":" not in reasons[0]:
        return sentence(f"Dit moet nog blijken: {reasons[0]}")
    return " ".join(("Dit moet nog blijken.", *map(sentence, reasons)))


def known(row: ModelRow) -> Row:
    """Return a row of output as terms; output about a flow holds words and numbers of the law only."""
    return tuple(value for value in row if isinstance(value, str | int))
