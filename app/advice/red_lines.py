"""Red lines: what may never be answered, whatever the other rules say.

Goes in: a decided case. Comes out: nothing, or a `RedLineCrossed`. Must not know: any line by name.

`deelwijzer bewijs` proves of the law that no case crosses one. This is the last net: should an answer cross one all the
same, by a fault of the program or a law that was not proved, it is never given.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.advice import contract
from app.advice.decided import Decided
from app.kern.model import Judged
from app.kern.values import CERTAIN


class RedLineCrossed(Exception):
    """An answer would cross red lines. The message names the lines and nothing of the case."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(sorted(set(lines)))
        super().__init__(", ".join(self.lines))


def refuse(decided: Decided) -> None:
    """Raise RedLineCrossed where a decided flow crosses a line."""
    if contract.RODE_LIJN in decided.law.vocabulary.predicates:
        refuse_flows(decided.kern.flows().values())


def refuse_flows(flows: Iterable[Judged]) -> None:
    """Raise RedLineCrossed where one of some flows crosses a line."""
    for judged in flows:
        nodes = judged.nodes(contract.RODE_LIJN).items()
        _raise(str(rest[0]) for rest, node in nodes if judged.evaluation.value(node) == CERTAIN)


def _raise(lines: Iterable[str]) -> None:
    crossed = tuple(lines)
    if crossed:
        raise RedLineCrossed(crossed)
