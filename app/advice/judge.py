"""The judge: what the decided case says about one flow, in the contract's words.

Goes in: the decided case. Comes out: oordeel, grounds, steps, duties, alternatives, reservations and
the paragraph that tells it. Must not know: how the case was decided, or what any norm means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.advice import contract
from app.advice.advies import Alternatief, Grondslag, Kanttekening, Stap, Status
from app.advice.conditions import Conditions
from app.advice.decided import Decided
from app.advice.texts import sentence
from app.engine.model import ModelRow
from app.record import record

DOUBT = "Twijfelt u? Vraag het de privacy officer."
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
    """Reads one decided case."""

    def __init__(self, decided: Decided) -> None:
        self.law = decided.law
        self.model = model = decided.model
        self.conditions = Conditions(decided)
        self._permits = model.rows("zeker", contract.MAG)
        self._met = model.rows("zeker", contract.STAP)
        self._possible = model.rows("mogelijk", contract.STAP)
        self._read: dict[str, Mapping[str, Sequence[ModelRow]]] = {}
        self._norms: dict[str, list[str]] = {}

    def rows(self, output: str, deling: str) -> Sequence[ModelRow]:
        """The certain rows of an output about one flow."""
        by_deling = self._read.get(output)
        if by_deling is None:
            by_deling = self._read[output] = _by_deling(self.model.rows("zeker", output))
        return by_deling.get(deling, ())

    def oordeel(self, deling: str) -> str:
        """The one verdict on a flow; `UndecidedError` when there is not exactly one."""
        found = self.rows(contract.OORDEEL, deling)
        if len(found) != 1:
            raise UndecidedError(f"{len(found)} oordelen for one deling")
        return str(found[0][1])

    def norms(self, deling: str) -> list[str]:
        """The norms that speak of a flow, in vocabulary order."""
        found = self._norms.get(deling)
        if found is None:
            found = [str(row[1]) for row in self.rows(contract.BETREFT, deling)]
            found.sort(key=self.law.norm_place)
            self._norms[deling] = found
        return found

    def reached(self, deling: str, norms: Sequence[str]) -> Reached | None:
        """Choose the norm to show the steps of: permitting, else fewest failed, fewest open, first."""
        best: Reached | None = None
        least: tuple[bool, int, int] | None = None
        for norm in norms:
            statuses = [self._status((deling, norm, number)) for number in _NUMBERS]
            rank = ((deling, norm) not in self._permits, statuses.count("niet_voldaan"), statuses.count("open"))
            if least is None or rank < least:
                best, least = Reached(norm, statuses), rank
        return best

    def grondslagen(self, deling: str, norms: Sequence[str]) -> tuple[Grondslag, ...]:
        """The grounds whose four steps are met."""
        found: list[Grondslag] = []
        for norm in norms:
            if (deling, norm) in self._permits:
                grondslag = self.law.grondslag[norm]
                reasons = self.model.why("zeker", contract.STAP, (deling, norm, 1))
                bronnen = self.law.bronnen_of(reasons[:1])
                found.append(Grondslag(grondslag, self.law.avg.get(grondslag), norm, bronnen))
        return tuple(found)

    def stappen(self, deling: str, reached: Reached | None) -> tuple[Stap, ...]:
        """The four steps of the chosen norm, each with the reason for its status."""
        found: list[Stap] = []
        for number, name in enumerate(contract.STAPPEN, 1):
            status = "niet_voldaan" if reached is None else reached.statuses[number - 1]
            found.append(Stap(number, name, status, self._step_text(deling, reached, number, status)))
        return tuple(found)

    def verplichtingen(self, deling: str) -> tuple[str, ...]:
        """What must be done when sharing, in vocabulary order."""
        rows = self.rows(contract.VERPLICHTING, deling)
        if not rows:
            return ()
        order = self.law.vocabulary.domain_of(contract.VERPLICHTING, 1).values
        said = {str(row[1]) for row in rows}
        return tuple(duty for duty in order if duty in said)

    def alternatieven(self, deling: str) -> tuple[Alternatief, ...]:
        """Other items and other ways that the rules name."""
        items = [
            Alternatief(gegeven=str(row[1]), toelichting=self._uitleg(contract.ALTERNATIEF_GEGEVEN, row))
            for row in self.rows(contract.ALTERNATIEF_GEGEVEN, deling)
        ]
        ways = [
            Alternatief(route=str(row[1]), toelichting=self._uitleg(contract.ALTERNATIEF_ROUTE, row))
            for row in self.rows(contract.ALTERNATIEF_ROUTE, deling)
        ]
        return (*items, *ways)

    def omweg(self, row: ModelRow) -> str:
        """Why a detour is one, in words; `row` names it with the party in between last."""
        return self._uitleg(contract.OMWEG, row)

    def kanttekeningen(self, deling: str) -> tuple[Kanttekening, ...]:
        """The reservations, in vocabulary order; an interpretation ends with whom to ask."""
        rows = self.rows(contract.KANTTEKENING, deling)
        if not rows:
            return ()
        order = self.law.vocabulary.domain_of(contract.KANTTEKENING, 1).values
        found: list[Kanttekening] = []
        for row in sorted(rows, key=lambda row: order.index(str(row[1]))):
            reason = self.model.why("zeker", contract.KANTTEKENING, row)[0]
            text = self.law.texts.uitleg(reason)
            if reason.rule.metadata is not None and reason.rule.metadata.interpretaties:
                text = f"{text} {DOUBT}"
            found.append(Kanttekening(str(row[1]), text))
        return tuple(found)

    def duties(self, verplichtingen: Iterable[str]) -> list[str]:
        """What must be done when sharing, in words."""
        domain = self.law.vocabulary.predicates[contract.VERPLICHTING].arguments[-1].domain
        return [self.law.texts.label(domain, duty) for duty in verplichtingen]

    def verdict(self, deling: str, oordeel: str) -> str:
        """The oordeel in a sentence."""
        return self._uitleg(contract.OORDEEL, (deling, oordeel))

    def closed(self, deling: str, norms: Sequence[str]) -> list[str]:
        """Why the norm that comes nearest of those that can no longer permit a flow does not; none where all can."""
        possible = self.model.rows("mogelijk", contract.MAG)
        reached = self.reached(deling, [norm for norm in norms if (deling, norm) not in possible])
        if reached is None:
            return []
        failed = [number for number in _NUMBERS if reached.statuses[number - 1] == "niet_voldaan"]
        return [self._step_text(deling, reached, number, "niet_voldaan") for number in failed[:1]]

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
            return sentence(f"Dit moet nog blijken: {'; '.join(reasons)}")
        return " ".join(sentence(reason) for reason in reasons)

    def _uitleg(self, predicate: str, row: ModelRow) -> str:
        """The explanation of the first rule that gave a fact."""
        reasons = self.model.why("zeker", predicate, row)
        texts = self.law.texts
        return texts.uitleg(reasons[0]) if reasons else sentence(texts.fact(predicate, row))


def _by_deling(rows: Iterable[ModelRow]) -> Mapping[str, Sequence[ModelRow]]:
    found: dict[str, list[ModelRow]] = {}
    for row in rows:
        found.setdefault(str(row[0]), []).append(row)
    return found
