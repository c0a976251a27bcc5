"""The law in force on a day, for people and programs that want to read it.

Goes in: the policies. Comes out: plain dictionaries fit for JSON.
Must not know: HTTP, or what any rule says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, Protocol

from app.advice import contract, dates
from app.advice.advies import as_json
from app.advice.law.sources import bron, geldigheid, place_of
from app.engine.facts import FactSet
from app.engine.model import Decider, ModelRow
from app.lang.ast import Reference, Rule
from app.lang.printer import print_atom, print_rule
from app.lang.priority import as_written
from app.lang.program import Program, Validity
from app.lang.vocabulary import Vocabulary
from app.web.quoting import Texts


class RegimeLike(Protocol):
    """A folder of law and when it holds (yyyymmdd, `valid_until` exclusive)."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def valid_from(self) -> int | None: ...
    @property
    def valid_until(self) -> int | None: ...


class Book(Protocol):
    """What a policy book shows of itself."""

    version: str

    def on(self, date: int) -> Decider: ...
    def regimes_on(self, date: int) -> Sequence[RegimeLike]: ...
    def next_change(self, date: int) -> int | None: ...


NORMS: Final = "normen"
NOTES: Final = "kanttekening"
"""The domain whose labels name the interpretations."""
Flow = tuple[str, ...]
"""Who gives, who gets, what, and what for."""


def policy_view(book: Book, date: int) -> dict[str, Any]:
    """Show all law in force on a day (yyyymmdd)."""
    return {**law_head(book, date), NORMS: norms_of(book.on(date), date)}


def norm_view(book: Book, code: str, date: int) -> dict[str, Any] | None:
    """Show one norm as it is on a day, or None when there is no such norm then."""
    norms = (norm for norm in norms_of(book.on(date), date) if norm["norm"] == code)
    return next(({**norm_head(book, date), **norm} for norm in norms), None)


def law_head(book: Book, date: int) -> dict[str, Any]:
    """Show which law is in force on a day, without its norms."""
    change = book.next_change(date)
    return {
        **norm_head(book, date),
        "verandert_op": None if change is None else dates.iso(change),
        "regimes": [
            {
                "naam": regime.name,
                "titel": regime.title,
                **as_json(geldigheid(Validity(regime.valid_from, regime.valid_until))),
            }
            for regime in book.regimes_on(date)
        ],
    }


def norm_head(book: Book, date: int) -> dict[str, Any]:
    """Show of which day and edition a norm is."""
    return {"peildatum": dates.iso(date), "versie": book.version, "hash": book.on(date).program.hash}


def norms_of(decider: Decider, date: int, texts: Texts | None = None) -> list[dict[str, Any]]:
    """Show every norm of a program: the same on every day that the program is the law.

    But for the official texts, where they are there: those are of the day.
    """
    program = decider.program
    grounds = {str(row[0]): str(row[1]) for row in _static(decider, contract.GRONDSLAG)}
    flows: dict[str, list[Flow]] = defaultdict(list)
    for row in _static(decider, contract.REGELT):
        norm, *flow = (str(value) for value in row)
        flows[norm].append(tuple(flow))
    return [
        {
            "norm": code,
            "titel": program.vocabulary.norms[code].title,
            "grondslag": grounds.get(code),
            **_scope(program.vocabulary, flows[code]),
            "artikelen": _articles(program, rules, date, texts),
            "regels": [_rule(program, rule) for rule in rules],
        }
        for code, rules in _by_norm(program).items()
    ]


def _static(decider: Decider, predicate: str) -> Collection[ModelRow]:
    """Rows that hold in every case; they follow from the law alone."""
    if predicate not in decider.program.vocabulary.predicates:
        return ()
    return decider.rows_only(FactSet({}, {}), "zeker", predicate)


def _scope(vocabulary: Vocabulary, flows: Iterable[Flow]) -> dict[str, Any]:
    """Say from whom to whom a statutory norm is, of what and what for, in vocabulary order."""

    def ordered(at: int) -> list[str]:
        there = {flow[at] for flow in flows}
        return [word for word in vocabulary.domain_of(contract.REGELT, at + 1).values if word in there]

    if not flows:
        return {"partijen": [], "gegevens": [], "doelen": []}
    pairs = {flow[:2] for flow in flows}
    return {
        "partijen": [
            {"verstrekker": verstrekker, "ontvanger": ontvanger}
            for verstrekker in ordered(0)
            for ontvanger in ordered(1)
            if (verstrekker, ontvanger) in pairs
        ],
        "gegevens": ordered(2),
        "doelen": ordered(3),
    }


def _articles(program: Program, rules: Iterable[Rule], date: int, texts: Texts | None) -> list[dict[str, Any]]:
    """Show each place that rules rest on once: the link of the first rule, and what was read there."""
    shown: dict[tuple[str, str], dict[str, Any]] = {}
    for rule in rules:
        assert rule.metadata is not None
        for one in rule.metadata.references:
            source = program.vocabulary.sources[one.source]
            article = source.article(one.place)
            shown.setdefault(
                (one.source, one.place),
                {
                    "bron": one.source,
                    **as_json(bron(one, program.vocabulary.sources, program.validity_of(rule))),
                    "inhoud": None if article is None else article.content,
                    "gelezen_op": None if article is None or article.read_on is None else dates.iso(article.read_on),
                    "zekerheid": None if article is None else article.certainty,
                    **_official(one, program.vocabulary, date, texts),
                },
            )
    return list(shown.values())


def _official(reference: Reference, vocabulary: Vocabulary, date: int, texts: Texts | None) -> dict[str, Any]:
    """Show the official text of a place, and since when the law has it."""
    place = None if texts is None else place_of(reference, vocabulary.sources)
    found = None if texts is None or place is None else texts.text(place, date)
    return {
        "tekst": None if found is None else found.text,
        "tekst_vanaf": None if found is None else dates.iso(found.since),
    }


def choices_view(book: Book, date: int) -> dict[str, Any]:
    """Show the choices that were made where the sources differ or are silent; they are the same on every day."""
    vocabulary = book.on(date).program.vocabulary
    notes = vocabulary.domains[NOTES].labels if NOTES in vocabulary.domains else {}
    return {
        "versie": book.version,
        "interpretaties": [
            {"interpretatie": code, "titel": notes.get(code), "keuze": one.choice, "waarom": one.why or None}
            for code, one in vocabulary.choices.items()
        ],
    }


def _by_norm(program: Program) -> dict[str, list[Rule]]:
    """Group the rules by norm, in vocabulary order."""
    groups: dict[str, list[Rule]] = {code: [] for code in program.vocabulary.norms}
    for rule in program.rules:
        if rule.metadata is not None:
            groups.setdefault(rule.metadata.norm, []).append(rule)
    return {code: rules for code, rules in groups.items() if rules}


def _rule(program: Program, rule: Rule) -> dict[str, Any]:
    metadata, validity = rule.metadata, program.validity_of(rule)
    assert metadata is not None
    vocabulary = program.vocabulary
    return {
        "tekst": print_rule(as_written(rule)),
        "uitleg": metadata.uitleg,
        "bronnen": [
            {**as_json(bron(one, vocabulary.sources, validity)), "bij": one.condition and print_atom(one.condition)}
            for one in metadata.references
        ],
        "interpretaties": [
            {"interpretatie": one, "tekst": vocabulary.interpretaties[one]} for one in metadata.interpretaties
        ],
        "geldigheid": as_json(geldigheid(validity)),
    }
