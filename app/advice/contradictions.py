"""Contradictions: facts of one case that cannot all be true.

Goes in: the decided case. Comes out: what contradicts what, in the rule's own words.
Must not know: any contradiction by name.
"""

from __future__ import annotations

from app.advice import contract
from app.advice.advies import Contradiction, Strijdigheid
from app.advice.decided import Decided


def contradiction(decided: Decided) -> Contradiction | None:
    """Name what contradicts itself, in vocabulary order; None when nothing does."""
    law, case = decided.law, decided.kern.case()
    rows = case.certain(contract.STRIJDIG)
    if not rows:
        return None
    domain = law.vocabulary.domain_of(contract.STRIJDIG, 1)
    found: list[Strijdigheid] = []
    for row in sorted(rows, key=lambda row: domain.values.index(str(row[0]))):
        code = str(row[0])
        reason = law.first(case.why(contract.STRIJDIG, (code,)))
        fields = tuple(field.strip() for field in domain.labels[code].split(","))
        found.append(Strijdigheid(code, fields, law.texts.uitleg(reason)))
    return Contradiction(tuple(found))
