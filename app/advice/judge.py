"""The judge: what the decided case says about one flow, in the contract's words.

Goes in: the decided case. Comes out: oordeel, grounds, steps, duties, alternatives, reservations and
the paragraph that tells it. Must not know: how the case was decided, or what any norm means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.advice import contract, dates
from app.advice.advies import Alternatief, Grondslag, Kanttekening, Ontbrekend, Stap, Status
from app.advice.conditions import Conditions
from app.advice.law import Law
from app.advice.texts import listing, sentence
from app.engine.model import Model, ModelRow

DOUBT = "Twijfelt u? Vraag het de privacy officer."
MOST_REASONS = 3


class UndecidedError(RuntimeError):
    """The rules gave a flow no oordeel, or more than one: no advice can be given."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far one norm got for one flow."""

    norm: str
    statuses: tuple[Status, ...]
    permits: bool


class Judge:
    """Reads one decided case."""

    def __init__(self, law: Law, model: Model) -> None:
        self.law = law
        self.model = model
        self.conditions = Conditions(law, model)
        self._oordelen = _by_deling(model.rows("zeker", contract.OORDEEL))
        self._norms = _by_deling(model.rows("zeker", contract.BETREFT))
        self._permits = frozenset(model.rows("zeker", contract.MAG))
        self._met = frozenset(model.rows("zeker", contract.STAP))
        self._possible = frozenset(model.rows("mogelijk", contract.STAP))
        self._duties = _by_deling(model.rows("zeker", contract.VERPLICHTING))
        self._notes = _by_deling(model.rows("zeker", contract.KANTTEKENING))
        self._other_items = _by_deling(model.rows("zeker", contract.ALTERNATIEF_GEGEVEN))
        self._other_ways = _by_deling(model.rows("zeker", contract.ALTERNATIEF_ROUTE))

    def oordeel(self, deling: str) -> str:
        """The one verdict on a flow; `UndecidedError` when there is not exactly one."""
        found = self._oordelen.get(deling, ())
        if len(found) != 1:
            raise UndecidedError(f"{len(found)} oordelen for one deling")
        return str(found[0][1])

    def norms(self, deling: str) -> list[str]:
        """The norms that speak of a flow, in vocabulary order."""
        return sorted((str(row[1]) for row in self._norms.get(deling, ())), key=self.law.norm_place)

    def reached(self, deling: str, norms: Sequence[str]) -> Reached | None:
        """Choose the norm to show the steps of: permitting, else fewest failed, fewest open, first."""
        best: tuple[tuple[bool, int, int], Reached] | None = None
        for norm in norms:
            statuses = tuple(self._status((deling, norm, number)) for number in range(1, 5))
            permits = (deling, norm) in self._permits
            rank = (not permits, statuses.count("niet_voldaan"), statuses.count("open"))
            if best is None or rank < best[0]:
                best = rank, Reached(norm, statuses, permits)
        return None if best is None else best[1]

    def grondslagen(self, deling: str, norms: Sequence[str]) -> tuple[Grondslag, ...]:
        """The grounds whose four steps are met."""
        found: list[Grondslag] = []
        for norm in norms:
            if (deling, norm) in self._permits:
                grondslag = self.law.grondslag[norm]
                reasons = self.model.why("zeker", contract.STAP, (deling, norm, 1))
                bronnen = dict.fromkeys(bron for reason in reasons[:1] for bron in self.law.bronnen(reason.rule))
                found.append(Grondslag(grondslag, self.law.avg.get(grondslag), norm, tuple(bronnen)))
        return tuple(found)

    def stappen(self, deling: str, reached: Reached | None) -> tuple[Stap, ...]:
        """The four steps of the chosen norm, each with the reason for its status."""
        return tuple(
            Stap(number, name, status, self._step_text(deling, reached, number, status))
            for number, name in enumerate(contract.STAPPEN, 1)
            for status in ("niet_voldaan" if reached is None else reached.statuses[number - 1],)
        )

    def verplichtingen(self, deling: str) -> tuple[str, ...]:
        """What must be done when sharing, in vocabulary order."""
        rows = self._duties.get(deling, ())
        if not rows:
            return ()
        order = self.law.vocabulary.domain_of(contract.VERPLICHTING, 1).values
        said = {str(row[1]) for row in rows}
        return tuple(duty for duty in order if duty in said)

    def alternatieven(self, deling: str) -> tuple[Alternatief, ...]:
        """Other items and other ways that the rules name."""
        items = [
            Alternatief(self._uitleg(contract.ALTERNATIEF_GEGEVEN, row), gegeven=str(row[1]))
            for row in self._other_items.get(deling, ())
        ]
        ways = [
            Alternatief(self._uitleg(contract.ALTERNATIEF_ROUTE, row), route=str(row[1]))
            for row in self._other_ways.get(deling, ())
        ]
        return (*items, *ways)

    def omweg(self, row: ModelRow) -> str:
        """Why a detour is one, in words; `row` names it with the party in between last."""
        return self._uitleg(contract.OMWEG, row)

    def kanttekeningen(self, deling: str) -> tuple[Kanttekening, ...]:
        """The reservations, in vocabulary order; an interpretation ends with whom to ask."""
        rows = self._notes.get(deling, ())
        if not rows:
            return ()
        order = self.law.vocabulary.domain_of(contract.KANTTEKENING, 1).values
        found: list[Kanttekening] = []
        for row in sorted(rows, key=lambda row: order.index(str(row[1]))):
            reason = self.model.why("zeker", contract.KANTTEKENING, row)[0]
            text = sentence(self.law.texts.uitleg(reason))
            if reason.rule.metadata is not None and reason.rule.metadata.interpretaties:
                text = f"{text} {DOUBT}"
            found.append(Kanttekening(str(row[1]), text))
        return tuple(found)

    def toelichting(
        self,
        deling: str,
        oordeel: str,
        stappen: Sequence[Stap],
        ontbrekend: Sequence[Ontbrekend],
        verplichtingen: Sequence[str],
        alternatieven: Sequence[Alternatief],
        geldig_tot: int | None,
    ) -> str:
        """Tell the advice in one paragraph."""
        parts = [self._uitleg(contract.OORDEEL, (deling, oordeel))]
        if oordeel == contract.TOEGESTAAN:
            parts.append(stappen[0].toelichting)
            duties = [self.law.texts.label(_domain(self.law, contract.VERPLICHTING), duty) for duty in verplichtingen]
            if duties:
                parts.append(sentence(f"Doe wel dit: {listing(duties)}"))
            if geldig_tot is not None:
                parts.append(f"Dit geldt in elk geval tot en met {dates.words(geldig_tot)}.")
        elif ontbrekend:
            facts = [line.vraag for line in ontbrekend if line.soort == "feit"]
            acts = [line.vraag for line in ontbrekend if line.soort == "handeling"]
            if facts:
                parts.append(f"Zoek eerst uit: {' '.join(facts)}")
            if acts:
                parts.append(f"{'Regel daarna' if facts else 'Regel eerst'}: {' '.join(acts)}")
        else:
            parts.extend(step.toelichting for step in stappen if step.status == "niet_voldaan")
        parts.extend(other.toelichting for other in alternatieven)
        return " ".join(dict.fromkeys(part for part in parts if part))

    def _status(self, row: ModelRow) -> Status:
        if row in self._met:
            return "voldaan"
        return "open" if row in self._possible else "niet_voldaan"

    def _step_text(self, deling: str, reached: Reached | None, number: int, status: Status) -> str:
        if reached is None:
            return "Geen enkele regel gaat over deze deling."
        row = (deling, reached.norm, number)
        if status == "voldaan":
            return self._uitleg(contract.STAP, row)
        reasons = self.conditions.reasons(contract.STAP, row, status)[:MOST_REASONS]
        if not reasons:
            return sentence(self.law.texts.denial(contract.STAP, row))
        if status == "open":
            return sentence(f"Nog niet bekend: {'; '.join(reasons)}")
        return " ".join(sentence(reason) for reason in reasons)

    def _uitleg(self, predicate: str, row: ModelRow) -> str:
        """The explanation of the first rule that gave a fact."""
        reasons = self.model.why("zeker", predicate, row)
        return sentence(self.law.texts.uitleg(reasons[0]) if reasons else self.law.texts.fact(predicate, row))


def _by_deling(rows: Iterable[ModelRow]) -> Mapping[str, Sequence[ModelRow]]:
    found: dict[str, list[ModelRow]] = defaultdict(list)
    for row in rows:
        found[str(row[0])].append(row)
    return found


def _domain(law: Law, predicate: str) -> str:
    return law.vocabulary.predicates[predicate].arguments[-1].domain
