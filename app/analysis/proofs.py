"""The proofs about one law: what holds in every case, and a case where it does not.

Goes in: a program and the days on which it is law. Comes out: a `Proof` with a `Finding` per property and red line.
Must not know: any red line by name, or how a case is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.advice import contract
from app.analysis.all_cases import AllCases, all_cases
from app.analysis.staying import Fact, exceptions, lost, refusal_lost
from app.analysis.verdicts import with_two_oordelen, without_oordeel
from app.kern.cudd import Bdd
from app.kern.example import Example, Interval
from app.kern.linear import NotLinear
from app.kern.terms import Row
from app.lang.diagnostics import Diagnostics
from app.lang.program import Program
from app.record import record

__all__ = ["ONE", "STAYS", "TEXTS", "TOTAL", "Finding", "NotLinear", "Proof", "prove"]
TOTAL: Final = "elk_geval_een_oordeel"
ONE: Final = "nooit_twee_oordelen"
STAYS: Final = "oordeel_blijft"
TEXTS: Final = {
    TOTAL: "elk geval krijgt een oordeel",
    ONE: "geen geval krijgt twee oordelen",
    STAYS: "toegestaan en niet toegestaan blijven zo, wat er ook nog bekend wordt, behalve als de eigen afweging "
    "ertegen spreekt of blijkt dat wie weigerde niet mag beslissen",
}
"""What holds of any law, in words for people; the words of a red line stand in the vocabulary."""


@record
class Finding:
    """Whether one property holds in every case.

    `example`: a case where it does not; None where it holds, or where no real numbers could be found.
    `without`: the fact whose answer takes the oordeel away.
    """

    code: str
    text: str
    holds: bool
    is_line: bool = False
    example: Example | None = None
    without: Fact | None = None


@record
class Proof:
    """What was proved of one law: over how many cases, and how many flows."""

    cases: int
    signatures: int
    findings: tuple[Finding, ...]


def prove(program: Program, days: Interval) -> Proof | Diagnostics:
    """Prove a law over all full and partial cases, inside what contradictions refuse.

    Raises NotLinear for a sum that no intervals can be made of.
    """
    cases = all_cases(program, (contract.OORDEEL, contract.RODE_LIJN), days)
    if isinstance(cases, Diagnostics):
        return cases
    findings = (*_of_oordelen(cases), *_lines(cases))
    return Proof(cases.count(), cases.signatures(), findings)


def _of_oordelen(cases: AllCases) -> Iterator[Finding]:
    yield _finding(cases, TOTAL, TEXTS[TOTAL], without_oordeel(cases))
    yield _finding(cases, ONE, TEXTS[ONE], with_two_oordelen(cases))
    yield _staying(cases)


def _staying(cases: AllCases) -> Finding:
    found = refusal_lost(cases)
    # Once stated, an objection of the professional may take a permission away, and who refused a denied one.
    for oordeel, affirms in ((contract.TOEGESTAAN, True), (contract.NIET_TOEGESTAAN, False)):
        but = exceptions(cases, affirms)
        if found is None:
            nodes = [node for row, node in cases.rows(contract.OORDEEL).items() if row[1] == oordeel]
            found = next((one for node in nodes if (one := lost(cases, node, but=but)) is not None), None)
    if found is None:
        return Finding(STAYS, TEXTS[STAYS], True)
    return Finding(STAYS, TEXTS[STAYS], False, False, cases.example(found.after), found.fact)


def _lines(cases: AllCases) -> Iterator[Finding]:
    """One finding per declared red line; a line that no rule of this law can cross holds."""
    domain = cases.ground.program.vocabulary.domain_of(contract.RODE_LIJN, 1)
    rows: dict[str, Row] = {str(row[1]): row for row in cases.rows(contract.RODE_LIJN)}
    for code, text in domain.labels.items():
        row = rows.get(code)
        crossed = cases.pair(cases.rows(contract.RODE_LIJN)[row]).certain if row else cases.space.bdd.false
        yield _finding(cases, code, text, crossed, is_line=True)


def _finding(cases: AllCases, code: str, text: str, breaking: Bdd, *, is_line: bool = False) -> Finding:
    breaking &= cases.inside
    if breaking == cases.space.bdd.false:
        return Finding(code, text, True, is_line)
    return Finding(code, text, False, is_line, cases.example(breaking))
