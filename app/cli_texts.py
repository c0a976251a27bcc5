"""`deelwijzer wetteksten`: the official text of every article that rules rest on, held to the text that was read then.

Goes in: settings with a folder of official texts. Comes out: a line per article, and an exit code: 1 when a text is
not the one that was read, the alarm that a rule must be read again. Must not know: what any text says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.advice import dates
from app.advice.law.sources import place_of
from app.composition import law_texts_of
from app.kern.engines import engine_named
from app.lang.ast import Reference
from app.lang.vocabulary import Source
from app.settings import Settings
from app.store.law_texts import LawTexts
from app.store.policies import PolicyFault, read_policies
from app.store.policy_book import PolicyBook
from app.store.toestand import hash_of
from app.web.question import today

GOOD: Final = 0
CHANGED: Final = 1
SAME: Final = "gelijk"
OTHER: Final = "anders"
NEW: Final = "nog niet vastgelegd"
ABSENT: Final = "niet gevonden"


@dataclass(frozen=True, slots=True)
class Checked:
    """An article that rules rest on: what became of its text, and whether somebody must read it again."""

    place: str
    verdict: str
    hash: str | None = None
    since: int | None = None
    alarm: bool = False

    def line(self) -> str:
        """Write it for people."""
        if self.hash is None or self.since is None:
            return f"{self.place}: {self.verdict}"
        return f"{self.place}: {self.verdict}; {self.hash} (tekst sinds {dates.iso(self.since)})"


def add_command(commands: Any, day: Any) -> None:
    """Add the command to the parser; `day` reads a date."""
    about = "vergelijk de officiële wetteksten met de tekst die bij het schrijven van de regels is gelezen"
    command = commands.add_parser("wetteksten", help=about, description=f"{about[0].upper()}{about[1:]}.")
    command.add_argument("--peildatum", type=day, default=None, metavar="DAG", help="JJJJ-MM-DD; zonder opgave vandaag")
    command.set_defaults(run=check_texts)


def check_texts(chosen: argparse.Namespace, settings: Settings) -> int:
    """Report the text of every cited article; 1 when one is not the text that was read, or is gone."""
    if settings.law_texts is None:
        raise PolicyFault("DEELWIJZER_WETTEKSTEN is not set: it names the folder with official texts")
    book = PolicyBook(read_policies(settings.facts, settings.policies), engine_named(settings.engine))
    texts = law_texts_of(book, settings)
    assert texts is not None
    date = today() if chosen.peildatum is None else chosen.peildatum
    checked = list(_checked(book, texts, date))
    for one in checked:
        print(one.line())
    for fault in texts.faults:
        print(fault, file=sys.stderr)
    alarms = sum(one.alarm for one in checked)
    found = sum(one.hash is not None for one in checked)
    unread = f"{len(texts.faults)} onleesbare bestanden"
    print(f"{len(checked)} artikelen, {found} gevonden, {alarms} opnieuw te lezen, {unread}")
    return CHANGED if alarms or texts.faults else GOOD


def _checked(book: PolicyBook, texts: LawTexts, date: int) -> Iterator[Checked]:
    """Check every place in a law that the rules of a day rest on, each once, in the order of sources and places."""
    program = book.on(date).program
    sources = program.vocabulary.sources
    cited = {one for rule in program.rules if rule.metadata is not None for one in rule.metadata.references}
    order = {code: at for at, code in enumerate(sources)}
    for one in sorted(cited, key=lambda one: (order[one.source], one.place)):
        source = sources[one.source]
        if source.bwb is not None:
            yield _one(one, source, texts, date)


def _one(reference: Reference, source: Source, texts: LawTexts, date: int) -> Checked:
    shown = f"{reference.source} {reference.place}"
    article = source.articles.get(reference.place)
    recorded = article.text_hash if article is not None else ""
    place = place_of(reference, {reference.source: source})
    found = None if place is None else texts.text(place, date)
    if found is None:
        return Checked(shown, ABSENT, alarm=bool(recorded))
    now = hash_of(found.text)
    if not recorded:
        return Checked(shown, NEW, now, found.since)
    return Checked(shown, SAME if now == recorded else OTHER, now, found.since, now != recorded)
