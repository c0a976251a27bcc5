"""A cost tree: how the time of an answer divides over its parts, sampled while the middle casussen are asked.

Goes in: the law put together, and casussen. Comes out: lines of a table in Markdown. Must not know: what a part does.

A timer interrupts the interpreter; the stack at that moment is one sample. A sample counts for the part of the
innermost module that `PARTS` names, and within it for the innermost module of the project. Unlike a tracing profiler
(cProfile), sampling does not make short functions look dearer than they are.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final

from app.advice.question.extras import NO_EXTRAS, Extras
from app.composition import Composition
from app.web.writing import text_of
from bench.cases import Asked
from bench.measure import MILLISECONDS

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "reading": ("app.web.question", "app.web.reading", "app.web.fields", "app.web.json_text", "app.advice.dates"),
    "facts": ("app.advice.question.facts", "app.advice.question.casus", "app.advice.question.form", "app.engine.facts"),
    "judging": ("app.advice.judge", "app.advice.decided", "app.advice.contradictions", "app.advice.person"),
    "reasons": ("app.advice.reasons",),
    "missing": (
        "app.advice.missing.smallest",
        "app.advice.question.open_fields",
        "app.kern.boxes",
        "app.kern.accepted",
        "app.kern.settle",
    ),
    "until": ("app.advice.until.last_days", "app.kern.moments"),
    "texts": ("app.advice.law.texts", "app.advice.law.law", "app.advice.law.sources", "app.advice.reasons.paragraph"),
    "listing": ("app.advice.listing", "app.kern.listing"),
    "writing": ("app.web.writing",),
}
"""Per part the modules, or packages, that are its way in. What they call in other modules counts for the part too."""
REST: Final = "the rest"
PROJECT: Final = "app."
INTERVAL: Final = 0.0005
MIDDLE: Final = 0.2
SECONDS: Final = 8.0
MOST_MODULES: Final = 4
Sample = tuple[str, str]
"""A part, and the innermost module of the project."""


def place_of(modules: Iterable[str]) -> Sample:
    """Place a stack, given as the names of its modules from the innermost out.

    >>> place_of(["json", "app.kern.evaluate", "app.advice.missing.smallest", "app.advice.advisor"])
    ('missing', 'app.kern.evaluate')
    """
    innermost = ""
    for module in modules:
        if not module.startswith(PROJECT):
            continue
        innermost = innermost or module
        if (part := _part_of(module)) is not None:
            return part, innermost
    return REST, innermost or "outside the project"


def _part_of(module: str) -> str | None:
    """Name the part that a module belongs to by its longest name in `PARTS`."""
    name = module
    while name:
        for part, ways_in in PARTS.items():
            if name in ways_in:
                return part
        name = name.rpartition(".")[0]
    return None


def sampled(work: Callable[[], object], seconds: float) -> Counter[Sample]:
    """Repeat some work for so long, and count where the interpreter was at every interval. Main thread only."""
    found: Counter[Sample] = Counter()

    def note(_: int, frame: FrameType | None) -> None:
        found[place_of(_modules(frame))] += 1

    with _ticking(note):
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            work()
    return found


@contextmanager
def _ticking(note: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, note)
    signal.setitimer(signal.ITIMER_REAL, INTERVAL, INTERVAL)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _modules(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield str(frame.f_globals.get("__name__", ""))
        frame = frame.f_back


def middle(costs: Sequence[float], share: float = MIDDLE) -> list[int]:
    """Return the places of the values around the median, so many of all.

    >>> middle([5.0, 1.0, 4.0, 2.0, 3.0], 0.2)
    [4]
    """
    order = sorted(range(len(costs)), key=costs.__getitem__)
    count = max(1, round(len(order) * share))
    first = (len(order) - count) // 2
    return order[first : first + count]


def report(composed: Composition, cases: Sequence[Asked], seconds: float = SECONDS) -> list[str]:
    """Ask the middle casussen, as JSON text and with JSON text as answer, and write where the time went."""
    lines = []
    for extras, title in ((NO_EXTRAS, "Advies"), (Extras(uitleg=True), "Advies with uitleg=volledig")):

        def ask(one: Asked, extras: Extras = extras) -> object:
            return text_of(composed.desk.decide(composed.reader.read(one.raw, extras), extras))

        costs = _costs(ask, cases)
        chosen = [cases[place] for place in middle(costs)]
        mean = sum(costs[place] for place in middle(costs)) / len(chosen)
        found = sampled(lambda chosen=chosen, ask=ask: [ask(one) for one in chosen], seconds)  # type: ignore[misc]
        lines += [f"{title}: {mean:.3f} ms, the middle {len(chosen)} of {len(cases)} casussen", ""]
        lines += [*table(found, mean), ""]
    return lines


def _costs(ask: Callable[[Asked], object], cases: Sequence[Asked]) -> list[float]:
    """Time every casus once, in ms, after asking all until what the law alone decides is compiled."""
    for _ in range(4):
        for one in cases:
            ask(one)
    costs = []
    for one in cases:
        started = time.perf_counter()
        ask(one)
        costs.append((time.perf_counter() - started) * MILLISECONDS)
    return costs


def table(found: Mapping[Sample, int], mean: float) -> list[str]:
    """Write samples as a table: per part its share, what that is in ms, and the modules it was spent in.

    Shares are of all samples; modules are named without `app.` and the share is of the whole, not of the part.
    """
    total = sum(found.values())
    parts: Counter[str] = Counter()
    for (part, _), count in found.items():
        parts[part] += count
    lines = ["| part | share | ms | most in |", "|---|---:|---:|---|"]
    for part, count in parts.most_common():
        inside = Counter({module: many for (of, module), many in found.items() if of == part})
        most = ", ".join(
            f"{module.removeprefix(PROJECT)} {many / total:.0%}" for module, many in inside.most_common(MOST_MODULES)
        )
        lines.append(f"| {part} | {count / total:.0%} | {count / total * mean:.3f} | {most} |")
    return lines
