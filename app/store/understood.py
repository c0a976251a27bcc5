"""Whether the kern understands the law: rules that have no formula are refused, with a place and help.

Goes in: a policy book. Comes out: nothing, or a PolicyFault with every diagnostic. Must not know: what any rule says.
"""

from __future__ import annotations

from app.kern.every_flow import every_flow
from app.kern.ground import ground
from app.kern.refusals import Refused
from app.lang.diagnostics import Diagnostic, Diagnostics, in_order, render
from app.lang.program import Program
from app.store.policies import PolicyFault
from app.store.policy_book import PolicyBook


def must_understand(book: PolicyBook) -> None:
    """Ground all law, for every flow; raises PolicyFault with what has no formula."""
    programs = {id(one): one for one in (book.on(day).program for day in book.days())}
    faults = [one for program in programs.values() for one in refusals(program)]
    if faults:
        found = in_order(faults, [source.name for source in book.policies.sources])
        raise PolicyFault(render(found, book.policies.sources))


def refusals(program: Program) -> tuple[Diagnostic, ...]:
    """Return what the kern refuses of a program; () where it understands all of it."""
    made = ground(program)
    if isinstance(made, Diagnostics):
        return made.items
    try:
        every_flow(made)
    except Refused as refused:
        return (refused.diagnostic,)
    return ()
