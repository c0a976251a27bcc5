"""`deelwijzer vergelijk`: two folders of law, or two days, over all cases; and over real questions.

Goes in: arguments and settings. Comes out: text, Markdown or JSON, and an exit code: 0 no difference, 1 a difference,
2 used wrongly or nothing can be compared. Must not know: how anything is compared.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.advice import dates
from app.advice.advisor import Advisor
from app.cli_extra import has_diagrams
from app.engine.compiled import CompiledEngine
from app.kern.linear import NotLinear
from app.lang.calendar import before
from app.lang.diagnostics import Diagnostics, render
from app.record import record
from app.recount import Recount, recount
from app.settings import Settings
from app.store.policies import read_policies
from app.store.policy_book import PolicyBook
from app.web.desk import Desk
from app.web.question import QuestionReader
from app.web.wire import real_date

if TYPE_CHECKING:
    from app.analysis.report import Compared

SAME: Final = 0
DIFFERENT: Final = 1
MISUSED: Final = 2
YEARS: Final = 4_00_00
"""Days of examples are sought in so many years (as yyyymmdd), of which one is a leap year."""


class NotComparable(Exception):
    """Two laws that cannot be compared; the message says why."""


@record
class Side:
    """One of the two laws: its name, its book, and the day it is of (None: of every day)."""

    name: str
    book: PolicyBook
    day: int | None

    @property
    def iso(self) -> str | None:
        """The day as ISO text."""
        return None if self.day is None else dates.iso(self.day)


def add_command(commands: Any) -> None:
    """Add the command to those of the command line."""
    about = "vergelijk twee keer recht over alle gevallen: twee mappen, of twee dagen"
    command = commands.add_parser("vergelijk", help=about, description=f"{about[0].upper()}{about[1:]}.")
    folder = "map met policies/ en facts/, of een map met regimes naast facts/"
    command.add_argument("a", nargs="?", type=Path, metavar="A", help=f"{folder}; zonder opgave het eigen recht")
    command.add_argument("b", nargs="?", type=Path, metavar="B", help="net zo; zonder opgave A")
    command.add_argument("--op", type=_date, metavar="DAG", help="vergelijk het recht van A op deze dag")
    command.add_argument("--met", type=_date, metavar="DAG", help="met het recht van B op deze dag")
    shape = command.add_mutually_exclusive_group()
    shape.add_argument("--markdown", action="store_true", help="als memo in Markdown")
    shape.add_argument("--json", action="store_true", help="als JSON")
    command.add_argument(
        "--jongeren",
        type=Path,
        metavar="BESTAND",
        help="tel in echte vragen (per regel één, in JSON) welke adviezen veranderen",
    )
    command.set_defaults(run=compare_laws)


def _date(text: str) -> int:
    if not real_date(text):
        raise argparse.ArgumentTypeError("schrijf een datum als JJJJ-MM-DD")
    return dates.number(text)


def compare_laws(chosen: argparse.Namespace, settings: Settings) -> int:
    """Compare two laws; print every difference, with an example of each."""
    if not has_diagrams("vergelijken"):
        return MISUSED
    try:
        first, second = _sides(chosen, settings)
        if chosen.jongeren is not None:
            with chosen.jongeren.open("rb") as lines:
                return _show_recount(
                    recount(lines, (_desk(first), _desk(second)), (first.iso, second.iso)), chosen.json
                )
        found = [_compared(first, second, days) for days in _days(first, second)]
    except (NotComparable, NotLinear) as fault:
        print(f"dit is niet te vergelijken: {fault}", file=sys.stderr)
        return MISUSED
    _show(found, chosen)
    return DIFFERENT if any(one.comparison.groups for one in found) else SAME


def _sides(chosen: argparse.Namespace, settings: Settings) -> tuple[Side, Side]:
    """Read both laws."""
    if chosen.b is None and (chosen.op is None or chosen.met is None):
        raise NotComparable("noem twee mappen A en B, of twee dagen met --op en --met")
    first = _read(chosen.a, settings)
    second = first if chosen.b is None else _read(chosen.b, settings)
    op = chosen.met if chosen.op is None else chosen.op
    met = chosen.op if chosen.met is None else chosen.met
    return Side(_title(chosen.a, op), first, op), Side(_title(chosen.b or chosen.a, met), second, met)


def _read(folder: Path | None, settings: Settings) -> PolicyBook:
    facts, policies = settings.facts, settings.policies
    if folder is not None:
        policies = folder / "policies" if (folder / "policies").is_dir() else folder
        near = policies.parent / "facts"
        facts = near if near.is_dir() else facts
    book = PolicyBook(read_policies(facts, policies), CompiledEngine())
    book.prepare_all()
    return book


def _title(folder: Path | None, day: int | None) -> str:
    where = "het eigen recht" if folder is None else str(folder)
    return where if day is None else f"{where}, op {dates.iso(day)}"


def _days(first: Side, second: Side) -> Iterator[tuple[int, int]]:
    """Yield, for every law to compare, the days in which an example is sought."""
    if second.day is not None:
        yield second.day, second.day
        return
    boundaries = sorted({*first.book.policies.boundaries, *second.book.policies.boundaries})
    if not boundaries:
        yield 2000_01_01, 2000_01_01 + YEARS
        return
    yield boundaries[0] - YEARS, before(boundaries[0])
    for start, end in zip(boundaries, (*boundaries[1:], None), strict=True):
        yield start, start + YEARS if end is None else min(start + YEARS, before(end))


def _compared(first: Side, second: Side, days: tuple[int, int]) -> Compared:
    from app.analysis.comparison import compare  # only here: the service itself runs without the extra
    from app.analysis.confirmation import Confirmation
    from app.analysis.report import with_examples
    from app.analysis.same_questions import unlike

    vocabularies = first.book.policies.vocabulary, second.book.policies.vocabulary
    if strange := unlike(*vocabularies):
        raise NotComparable("\n  ".join(("A en B lezen niet dezelfde vragen:", *strange)))
    one, other = first.book.on(first.day or days[0]), second.book.on(second.day or days[0])
    found = compare(one.program, other.program, days)
    if isinstance(found, Diagnostics):
        sources = (*first.book.policies.sources, *second.book.policies.sources)
        raise NotComparable(render(found, sources))
    reader = QuestionReader(vocabularies[1])
    sooner = first.iso if first.day != second.day else None
    confirm = Confirmation((one, other), vocabularies[1], found.laws.space.shape, reader.check, sooner)
    names = (_named(first, days), _named(second, days))
    return with_examples(*names, found, confirm.confirmed)


def _named(side: Side, days: tuple[int, int]) -> str:
    regimes = ", ".join(f"‘{one.title}’" for one in side.book.regimes_on(side.day or days[0]))
    return f"{side.name}: {regimes}"


def _desk(side: Side) -> Desk:
    return Desk(QuestionReader(side.book.policies.vocabulary), Advisor(side.book))


def _show(found: list[Compared], chosen: argparse.Namespace) -> None:
    from app.analysis.report import as_json, text

    if chosen.json:
        print(json.dumps({"vergelijkingen": [as_json(one) for one in found]}, ensure_ascii=False, indent=2))
        return
    print("\n\n".join(text(one, markdown=chosen.markdown) for one in found))


def _show_recount(found: Recount, as_json: bool) -> int:
    pairs = sorted(found.adviezen.items(), key=lambda one: (one[0][0] == one[0][1], -one[1], one[0]))
    if as_json:
        adviezen = [{"van": van, "naar": naar, "aantal": count} for (van, naar), count in pairs]
        niet_meegeteld = [{"regel": line, "reden": reason} for line, reason in found.refused.items()]
        plain = {
            "vragen": found.questions,
            "veranderd": found.changed,
            "adviezen": adviezen,
            "niet_meegeteld": niet_meegeteld,
        }
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        print(f"{found.questions} vragen beantwoord; bij {found.changed} verandert minstens één advies.")
        for (van, naar), count in pairs:
            print(f"  {count} × {f'blijft {van}' if van == naar else f'{van} → {naar}'}")
        for line, reason in found.refused.items():
            print(f"  regel {line} is niet meegeteld: {reason}")
    return DIFFERENT if found.differs else SAME
