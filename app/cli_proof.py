"""`deelwijzer bewijs`: what holds in every case, of every law; and a question to post where something does not.

Goes in: settings. Comes out: a line per property and red line, and an exit code: 0 all proved, 1 not, 2 no diagrams.
Must not know: how anything is proved.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from app.cli_extra import has_diagrams
from app.composition import Composition, compose
from app.lang.calendar import before
from app.lang.diagnostics import Diagnostics, render
from app.settings import Settings
from app.store.policy_book import PolicyBook

if TYPE_CHECKING:
    from app.analysis.proofs import Finding, Proof

GOOD: Final = 0
REFUSED: Final = 1
MISUSED: Final = 2
YEARS: Final = 4_00_00
"""An example is sought in so many years (as yyyymmdd) at the end or the begin of a law: one of them is a leap year."""


def prove_all(_: argparse.Namespace, settings: Settings) -> int:
    """Prove every law over all cases; print each property, and a witness for each that does not hold."""
    if not has_diagrams("bewijzen"):
        return MISUSED
    from app.analysis.proofs import NotLinear, prove  # only here: the service itself runs without the extra

    started = time.perf_counter()
    composed = compose(settings)
    broken = 0
    for days in laws(composed.book):
        try:
            proof = prove(composed.book.on(days[0]).program, days)
        except NotLinear as fault:
            print(f"hierover is geen bewijs mogelijk: {fault}", file=sys.stderr)
            return REFUSED
        if isinstance(proof, Diagnostics):
            print(render(proof, composed.book.policies.sources), file=sys.stderr)
            return REFUSED
        broken += _show(composed, days, proof)
    outcome = "alles is bewezen" if not broken else f"{broken} niet bewezen"
    print(f"{outcome}, {time.perf_counter() - started:.1f} s")
    return REFUSED if broken else GOOD


def laws(book: PolicyBook) -> Iterator[tuple[int, int]]:
    """Yield of every law some years in which it is in force: the last before it changes, else the first."""
    for day in book.days():
        following = book.next_change(day)
        if following is None:
            yield day, day + YEARS
        else:
            yield max(day, following - YEARS), before(following)


def _show(composed: Composition, days: tuple[int, int], proof: Proof) -> int:
    """Print the proof of one law; returns how much of it does not hold."""
    from app.analysis.report import large

    for regime in composed.book.regimes_on(days[0]):
        print(regime.title)
    over = f"geldt over alle {large(proof.cases)} gevallen van {large(proof.signatures)} stromen"
    for finding in proof.findings:
        if finding.holds:
            print(f"  {over}: {finding.text}")
        else:
            _show_broken(composed, finding)
    print()
    return sum(not finding.holds for finding in proof.findings)


def _show_broken(composed: Composition, finding: Finding) -> None:
    from app.analysis.witness import confirmed

    print(f"  GELDT NIET ALTIJD: {finding.text} ({finding.code})")
    books = (composed.book, *composed.others)
    witness = confirmed(finding, composed.reader.vocabulary, books, composed.reader.check)
    if witness is None:
        print("  Er is geen vraag gevonden waarin beide engines dit zien. Het is dus niet bewezen en niet weerlegd.")
        return
    if witness.before is not None:
        print("  Bij deze vraag is het oordeel al definitief:")
        _print(witness.before)
        print("  En toch verandert het met één antwoord erbij:")
    else:
        print("  Beide engines zien dit bij deze vraag, voor POST /v1/advies:")
    _print(witness.question)


def _print(question: object) -> None:
    print(json.dumps(question, ensure_ascii=False, indent=2))
