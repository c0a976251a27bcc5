"""The law in force on a day, for people and programs that want to read it.

Goes in: the policies. Comes out: plain dictionaries fit for JSON.
Must not know: HTTP, or what any rule says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

from app.advice import dates
from app.advice.advies import as_json
from app.advice.law.sources import bron, geldigheid
from app.engine.model import Decider
from app.lang.ast import Rule
from app.lang.printer import print_rule
from app.lang.priority import as_written
from app.lang.program import Program, Validity


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


def policy_view(book: Book, date: int) -> dict[str, Any]:
    """Show all law in force on a day (yyyymmdd)."""
    return {**law_head(book, date), NORMS: norms_of(book.on(date).program)}


def norm_view(book: Book, code: str, date: int) -> dict[str, Any] | None:
    """Show one norm as it is on a day, or None when there is no such norm then."""
    program = book.on(date).program
    rules = _by_norm(program).get(code)
    return None if rules is None else {**norm_head(book, date), **_norm(program, code, rules)}


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


def norms_of(program: Program) -> list[dict[str, Any]]:
    """Show every norm of a program: the same on every day that the program is the law."""
    return [_norm(program, code, rules) for code, rules in _by_norm(program).items()]


def _by_norm(program: Program) -> dict[str, list[Rule]]:
    """Group the rules by norm, in vocabulary order."""
    groups: dict[str, list[Rule]] = {code: [] for code in program.vocabulary.norms}
    for rule in program.rules:
        if rule.metadata is not None:
            groups.setdefault(rule.metadata.norm, []).append(rule)
    return {code: rules for code, rules in groups.items() if rules}


def _norm(program: Program, code: str, rules: list[Rule]) -> dict[str, Any]:
    return {
        "norm": code,
        "titel": program.vocabulary.norms[code].title,
        "regels": [_rule(program, rule) for rule in rules],
    }


def _rule(program: Program, rule: Rule) -> dict[str, Any]:
    metadata, validity = rule.metadata, program.validity_of(rule)
    assert metadata is not None
    vocabulary = program.vocabulary
    return {
        "tekst": print_rule(as_written(rule)),
        "uitleg": metadata.uitleg,
        "bronnen": as_json([bron(one, vocabulary.sources, validity) for one in metadata.references]),
        "interpretaties": [
            {"interpretatie": one, "tekst": vocabulary.interpretaties[one]} for one in metadata.interpretaties
        ],
        "geldigheid": as_json(geldigheid(validity)),
    }
