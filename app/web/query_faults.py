"""What is wrong with a query, for who wrote it: with its place underlined, without what it says of anyone.

Goes in: diagnostics, the query's text, the vocabulary. Comes out: `Fout`s. Must not know: what was checked.

The text of a query comes back, since a fault without its place helps nobody. What could be a fact of a young person is
made unreadable in it, sign by sign so that the underlining stays right: numbers, and words that the law does not know,
but for names of variables and predicates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Final

from app.lang.diagnostics import Diagnostic, render
from app.lang.source_text import SourceText
from app.lang.vocabulary import Vocabulary
from app.web.faults import shown_name
from app.web.problems import MOST_FAULTS, Fout

HIDDEN: Final = "·"
_WORD: Final = re.compile(r"\w+")
_COUNT: Final = re.compile(r"[0-9]{1,3}")
"""In a sentence such a number is ours: how many arguments a predicate has."""
_PIECES: Final = re.compile(r"(?P<value>'[^']*'?|\"[^\"]*\"?|#.*)|(?P<name>\w+)(?=(?P<call>\s*\()?)")
"""What stands in quotes or behind a comment sign is no name; a word outside them may be one."""


def fouten_of(diagnostics: Iterable[Diagnostic], text: str, field: str, expected: str, law: Vocabulary) -> list[Fout]:
    """Write diagnostics as they are shown to who writes rules, in English; `expected` where one says nothing of it.

    Writes no more than one past what an answer lists.
    """
    hiding = _Hiding(text, law)
    source = SourceText(field, hiding.in_code(text))
    fouten = []
    for one in islice(diagnostics, MOST_FAULTS + 1):
        shown = render([replace(one, message=hiding.in_prose(one.message), help="")], [source])
        fouten.append(Fout(field, shown, hiding.in_prose(one.help) or expected))
    return fouten


class _Hiding:
    """The words of one query that are not shown."""

    def __init__(self, text: str, law: Vocabulary) -> None:
        known = {word for name in law.predicates for word in _WORD.findall(name)}
        known |= {word for domain in law.domains.values() for value in domain.values for word in _WORD.findall(value)}
        self._words = {word for word in _values_in(text) if word not in known and not _COUNT.fullmatch(word)}

    def in_code(self, text: str) -> str:
        """Hide numbers and words in what is written in the rule language."""
        return _WORD.sub(lambda word: _hidden(word[0]) if word[0].isdigit() else self._shown(word), text)

    def in_prose(self, text: str) -> str:
        """Hide words in a sentence, and numbers only in what it quotes: other numbers are ours."""
        parts = _WORD.sub(self._shown, text).split("`")
        return "`".join(self.in_code(part) if place % 2 else part for place, part in enumerate(parts))

    def _shown(self, word: re.Match[str]) -> str:
        return _hidden(word[0]) if word[0] in self._words else word[0]


def _values_in(text: str) -> Iterable[str]:
    """Go through the words of a query that may be values: all but short names without a long number."""
    for piece in _PIECES.finditer(text):
        name = piece["name"]
        if name is None:
            yield from _WORD.findall(piece["value"])
        elif shown_name(name) != name or not (name[0].isupper() or piece["call"]):
            yield name


def _hidden(word: str) -> str:
    return HIDDEN * len(word)
