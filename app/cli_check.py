"""`deelwijzer check`: all law, held to itself and to every scenario.

Goes in: settings. Comes out: every fault, what was compared, and an exit code: 0 good, 1 faulty.
Must not know: how anything is decided, or what a scenario may state.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Final

from app.composition import Composition, cases_of, compose, fingerprint_of
from app.lang.vocabulary import Vocabulary
from app.rehearsal import rehearse
from app.settings import Settings
from app.store import selfcheck
from app.store.understood import must_understand
from app.ties import ties_shown

GOOD: Final = 0
REFUSED: Final = 1


def check_all(_: argparse.Namespace, settings: Settings) -> int:
    """Check all law, decide every scenario with every engine, and hold each whole answer to its scenario."""
    started = time.perf_counter()
    composed = compose(settings)
    must_understand(composed.book)
    cases = cases_of(composed)
    report = selfcheck.begin_in_two(cases, lambda part: selfcheck.compare(part, composed.book, composed.others))()
    ties = ties_shown(composed.book, composed.reader, composed.scenarios)
    unasked = fields_without_question(composed.book.policies.vocabulary)
    faults = tuple(dict.fromkeys((*unasked, *report.faults, *rehearse(composed.desk, composed.scenarios), *ties)))
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:  # the next start need not do the smaller check again
        selfcheck.remember(settings.cache, fingerprint_of(composed))
    if empty := norms_without_rules(composed):
        print(f"geen enkele regel noemt: {', '.join(empty)}. Dat klopt alleen als feiten alles zeggen.")
    rules = {rule.span: rule for day in composed.book.days() for rule in composed.book.on(day).program.rules}
    print(
        f"{len(rules)} regels, {len(composed.scenarios)} scenario's, {report.facts} uitkomsten vergeleken tussen drie "
        f"engines, {len(faults)} fouten, {time.perf_counter() - started:.1f} s"
    )
    return REFUSED if faults else GOOD


def fields_without_question(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Name the fields of a question for which there is no question in words.

    The law of long ago, which the log keeps, has such fields: so reading it refuses none.
    """
    return tuple(
        f"casus.toml: [{field.path}] vraag: is missing; every field has a question"
        for field in vocabulary.fields
        if not field.question
    )


def norms_without_rules(composed: Composition) -> tuple[str, ...]:
    """List the declared norms that no rule is of, on any day; facts may still speak of them."""
    book = composed.book
    used = {rule.metadata.norm for day in book.days() for rule in book.on(day).program.rules if rule.metadata}
    return tuple(norm for norm in book.policies.vocabulary.norms if norm not in used)
