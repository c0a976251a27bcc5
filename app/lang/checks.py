"""All checks on a program, in one list: to add one, write a function and its line here.

Goes in: a draft. Comes out: diagnostics. Must not know: how a single check works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from app.lang import check_dates, check_metadata, check_names, check_norms, check_safety, check_sources, check_structure
from app.lang.diagnostics import Diagnostic
from app.lang.draft import Draft

Check = Callable[[Draft], Iterator[Diagnostic]]

CONDITION_CHECKS: Final[tuple[Check, ...]] = (
    check_names.undeclared_predicates,
    check_names.constants_outside_domain,
    check_names.variables_in_two_domains,
    check_names.mistyped_comparisons,
    check_dates.date_sums,
    check_safety.unsafe_variables,
    check_safety.unbound_open_predicates,
    check_safety.unknown_numbers_looked_up,
    check_safety.unknown_numbers_computed,
)
"""What holds for conditions wherever they stand: in a rule, and in a developer's query."""

CHECKS: Final[tuple[Check, ...]] = (
    *CONDITION_CHECKS,
    check_names.misused_kinds,
    check_metadata.missing_metadata,
    check_metadata.unknown_norms,
    check_metadata.unknown_placeholders,
    check_metadata.idle_priorities,
    check_sources.unchosen_sources,
    check_sources.words_without_source,
    check_norms.misplaced_norms,
    check_norms.missing_grounds,
    check_norms.half_norms,
    check_structure.recursion,
    check_structure.duplicates,
    check_structure.dead_ends,
    check_structure.misnamed_sides,
    check_structure.undeniable_predicates,
    check_structure.missing_sentences,
)


def run(draft: Draft, checks: tuple[Check, ...] = CHECKS) -> Iterator[Diagnostic]:
    """Yield the faults that all checks find."""
    for check in checks:
        yield from check(draft)
