"""The same questions for the kern, Cedar and clingo: whether they agree, what each costs, and what each returns.

Goes in: the law put together. Comes out: lines of text. Must not know: what a norm says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from app.advice import contract
from app.advice.advisor import Advisor
from app.advice.question.casus import Casus
from app.advice.question.extras import Extras
from app.composition import Composition
from app.engine.facts import FactSet
from app.kern.decider import KernDecider
from app.web.writing import text_of
from bench import kern
from bench.measure import Figure, per_case, table
from bench.peers.asp import AspNorms
from bench.peers.cedar import CedarNorms
from bench.peers.questions import NORMS, complete

FEWER: Final = 100
"""clingo's questions a round: it grounds the rules anew for each."""
RETURNS: Final = {
    "Cedar": "per question allow or deny, and the policies that said so; a field that is left out is an error",
    "clingo": "per question an answer set: the norms that permit; a field that is left out counts as no",
    "KernModel": "of all norms whether each step is certain, possible or impossible, with its ground rules",
    "Advies": "the verdict with reasons in words, what is missing to decide, until when it holds, duties and detours",
}
Question = tuple[Casus, FactSet]


class KernNorms:
    """The norms of this project that certainly permit a flow."""

    def __init__(self, decider: KernDecider) -> None:
        self._decider = decider

    def permitting(self, facts: FactSet) -> frozenset[str]:
        """Return which of the four norms certainly permit the flow."""
        rows = self._decider.decide(facts).rows("zeker", contract.MAG)
        return frozenset(str(norm) for _, norm in rows if norm in NORMS)


def report(composed: Composition, count: int, rounds: int) -> list[str]:
    """Ask everybody the same, and write how often each norm permits, what a question costs, and what comes back.

    AssertionError for a question on which they differ.
    """
    asked = complete(composed, count * rounds)
    program = composed.book.on(asked[0][0].peildatum).program
    ours, cedar, asp = KernNorms(KernDecider(program)), CedarNorms(program), AspNorms(program)
    said: Counter[str] = Counter()
    for _, facts in asked:
        found = ours.permitting(facts)
        if not found == cedar.permitting(facts) == asp.permitting(facts):
            raise AssertionError(f"the peers differ on {facts.known}")
        said.update(found)
    split = [asked[start::rounds] for start in range(rounds)]
    counts = ", ".join(f"{norm} {said[norm]}" for norm in NORMS)
    head = f"Peers: four norms, {len(asked)} complete questions of one flow, all three agree; permitted: {counts}"
    figures = list(_figures(composed, split, cedar, asp))
    return [head, "", *table(figures), "", *(f"{name}: {what}" for name, what in RETURNS.items())]


def _figures(composed: Composition, rounds: list[list[Question]], cedar: CedarNorms, asp: AspNorms) -> Iterator[Figure]:
    yield per_case("Cedar: four policies", lambda one: cedar.permitting(one[1]), rounds, None)
    fewer = [cases[:FEWER] for cases in rounds]
    yield per_case("clingo: four norms", lambda one: asp.permitting(one[1]), fewer, None)
    fresh = kern.deciders_of(composed.book)
    jobs = [[(fresh[id(composed.book.on(casus.peildatum))], facts) for casus, facts in cases] for cases in rounds]
    kern.warm(jobs)
    yield per_case("KernModel: all norms", kern.judge, jobs)
    advisor = Advisor(composed.book)
    for cases in rounds * kern.WARM:
        for casus, _ in cases:
            advisor.advise(casus)
    yield per_case("Advies: all norms", lambda one: text_of(advisor.advise(one[0])), rounds)
    yield per_case(
        "Advies with uitleg=volledig", lambda one: text_of(advisor.advise(one[0], Extras(uitleg=True))), rounds
    )
