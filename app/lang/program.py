"""The one door from text to a program that engines may run.

Goes in: texts and a vocabulary. Comes out: a `Program`, or all faults at once.
Must not know: where the texts came from, or what runs the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.lang.ast import Fact, Rule
from app.lang.checks import run
from app.lang.diagnostics import Diagnostic, Diagnostics, in_order, render, whole_file
from app.lang.draft import make_draft
from app.lang.fingerprint import fingerprint
from app.lang.ordering import evaluation_order, order_literals, rule_variables
from app.lang.parser import parse
from app.lang.priority import in_priority, in_vocabulary_order
from app.lang.source_text import SourceText
from app.lang.strata import open_dependent, strata_of
from app.lang.vocabulary import Source, Vocabulary

__all__ = [
    "Program",
    "SourceText",
    "Validity",
    "check",
    "evaluation_order",
    "in_force",
    "open_dependent",
    "order_literals",
    "render",
    "rule_variables",
]


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when a rule is law: yyyymmdd, `until` exclusive, None for always."""

    start: int | None
    until: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Checked rules and facts. Made by `check` only; two programs are the same when they are one object.

    `strata`: the derived predicates in layers, each resting on input, tables and earlier layers;
    two-valued predicates last. `validity`: per file. `hash`: the fingerprint of the texts it was made of, and of those
    of its vocabulary where `check` was given them.
    `rules`, the conditions of each and `facts` are in canonical order (`priority`): of the rules for one fact the one
    that goes first comes first. Each rule names its sources in a reader's order: the law first.
    """

    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    facts: tuple[Fact, ...]
    strata: tuple[tuple[str, ...], ...]
    validity: Mapping[str, Validity]
    hash: str

    def validity_of(self, rule: Rule) -> Validity:
        """Return from when to when a rule of this program is law."""
        return self.validity[rule.span.file]


def check(
    sources: Sequence[SourceText], vocabulary: Vocabulary, *, whole: bool = True, words: Sequence[SourceText] = ()
) -> Program | Diagnostics:
    """Parse and check texts; return a program, or every fault in it.

    With `whole=False` the texts are those in force on one day: a predicate that only another day's
    rules derive or read is then no fault. `words`: the texts that the vocabulary was read from, for the program's hash.
    """
    parsed = [(source, _parsed(source.name, source.text)) for source in sources]
    faults = [fault for _, one in parsed for fault in one.diagnostics]
    by_name = {source.name: source for source in sources}
    if len(by_name) < len(sources):
        names = [source.name for source in sources]
        twice = sorted({name for name in names if names.count(name) > 1})
        faults.extend(Diagnostic("source", "two texts have this name", whole_file(name)) for name in twice)
    rules = tuple(clause for _, one in parsed for clause in one.clauses if isinstance(clause, Rule))
    facts = tuple(clause for _, one in parsed for clause in one.clauses if isinstance(clause, Fact))
    draft = make_draft(vocabulary, by_name, rules, facts, whole, readable=not faults)
    faults.extend(run(draft))
    if faults:
        return in_order(faults, by_name)
    ordered = in_priority(rules, vocabulary)
    validity = {source.name: Validity(source.valid_from, source.valid_until) for source in sources}
    return Program(
        vocabulary=vocabulary,
        rules=tuple(_law_first(rule, vocabulary) for rule in ordered),
        facts=in_vocabulary_order(facts, vocabulary),
        strata=strata_of(ordered, vocabulary),
        validity=validity,
        hash=fingerprint((*words, *sources)),
    )


def in_force(sources: Iterable[SourceText], date: int) -> tuple[SourceText, ...]:
    """Return the texts that are law on a day (yyyymmdd), in their order."""
    return tuple(source for source in sources if source.in_force(date))


def _law_first(rule: Rule, vocabulary: Vocabulary) -> Rule:
    """Put a rule's sources in a reader's order: articles of law, what has an address, the rest; each as written."""
    metadata = rule.metadata
    if metadata is None:
        return rule
    references = tuple(sorted(metadata.references, key=lambda one: _rank(vocabulary.sources[one.source])))
    return (
        rule if references == metadata.references else replace(rule, metadata=replace(metadata, references=references))
    )


def _rank(source: Source) -> int:
    return 0 if source.bwb is not None else 1 if source.url is not None else 2


# The same texts are checked as a whole and again per day on which the law changes.
_parsed = lru_cache(maxsize=64)(parse)
