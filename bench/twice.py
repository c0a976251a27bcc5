"""A law with twice the rules: every derived predicate once more, under another name.

Goes in: texts and their vocabulary. Comes out: a checked `Program` that derives everything twice.
Must not know: what a rule says. Input and tables stay what they are; the copies are output as much as
the originals are, so that an engine cannot leave them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.lang.ast import Atom, Comparison, Literal, Rule
from app.lang.diagnostics import Diagnostics, render
from app.lang.parser import parse
from app.lang.printer import print_clauses
from app.lang.program import Program, check
from app.lang.sides import split_side
from app.lang.source_text import SourceText
from app.lang.vocabulary import Vocabulary

COPY = "_nog_eens"


def twice(sources: Sequence[SourceText], vocabulary: Vocabulary) -> Program:
    """Write every rule about a derived predicate twice, and check the result as any law."""
    derived = {name for name, one in vocabulary.predicates.items() if one.kind in ("afgeleid", "uitkomst")}
    copies = {name + COPY: replace(vocabulary.predicates[name], name=name + COPY) for name in derived}
    wider = replace(vocabulary, predicates={**vocabulary.predicates, **copies})
    texts = [replace(source, text=_with_copies(source, derived)) for source in sources]
    program = check(texts, wider, whole=False)
    if isinstance(program, Diagnostics):
        raise AssertionError(render(program, texts))
    return program


def _with_copies(source: SourceText, derived: set[str]) -> str:
    clauses = parse(source.name, source.text).clauses
    copies = [_copied(one, derived) for one in clauses if isinstance(one, Rule) and one.head.predicate in derived]
    return print_clauses((*clauses, *copies))


def _copied(rule: Rule, derived: set[str]) -> Rule:
    return replace(rule, head=_renamed(rule.head, derived), body=tuple(_reading(one, derived) for one in rule.body))


def _reading(literal: Literal, derived: set[str]) -> Literal:
    return literal if isinstance(literal, Comparison) else replace(literal, atom=_renamed(literal.atom, derived))


def _renamed(atom: Atom, derived: set[str]) -> Atom:
    _, predicate = split_side(atom.predicate)
    return replace(atom, predicate=atom.predicate + COPY) if predicate in derived else atom
