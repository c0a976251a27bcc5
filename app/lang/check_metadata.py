"""Checks on what stands above a rule: its norm, its sources, its explanation, its voorrang.

Goes in: a draft. Comes out: diagnostics. Must not know: other checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.lang.ast import Metadata, Rule, Variable
from app.lang.diagnostics import Diagnostic, nearest, nearest_or_new
from app.lang.draft import Draft, name_span
from app.lang.ordering import rule_variables

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def missing_metadata(draft: Draft) -> Iterator[Diagnostic]:
    """Every rule says its norm, its source and its explanation."""
    for rule in draft.rules:
        metadata = rule.metadata
        said = (metadata.norm, metadata.references, metadata.uitleg) if metadata else ("", (), "")
        missing = [key for key, value in zip(("norm", "bron", "uitleg"), said, strict=True) if not value]
        if missing:
            message = f"this rule has no {', '.join(missing)}"
            help_line = f"write `# {missing[0]}: …` directly above it, without an empty line between"
            yield Diagnostic("metadata", message, name_span(rule.head), help_line)


def unknown_norms(draft: Draft) -> Iterator[Diagnostic]:
    """Norms, sources and interpretations are declared, and a source names a place."""
    vocabulary = draft.vocabulary
    for _, metadata in _with_metadata(draft):
        if metadata.norm and metadata.norm not in vocabulary.norms:
            help_line = nearest_or_new(metadata.norm, vocabulary.norms, "normen.toml")
            yield Diagnostic("norm", f"norm `{metadata.norm}` is not declared", metadata.norm_span, help_line)
        for reference in metadata.references:
            if reference.source not in vocabulary.sources:
                help_line = nearest_or_new(reference.source, vocabulary.sources, "bronnen.toml")
                message = f"source `{reference.source}` is not declared"
                yield Diagnostic("source", message, reference.span, help_line)
            elif not reference.place:
                message = f"source `{reference.source}` without a place in it"
                yield Diagnostic("source", message, reference.span, f"name its article: `{reference.source} 1.1`")
        for code in metadata.interpretaties:
            if code not in vocabulary.interpretaties:
                help_line = nearest_or_new(code, vocabulary.interpretaties, "interpretaties.toml")
                message = f"interpretatie `{code}` is not declared"
                yield Diagnostic("interpretatie", message, metadata.interpretaties_span, help_line)


def unknown_placeholders(draft: Draft) -> Iterator[Diagnostic]:
    """An explanation names only variables of its rule."""
    for rule, metadata in _with_metadata(draft):
        variables = rule_variables(rule)
        for name in _PLACEHOLDER.findall(metadata.uitleg):
            if name not in variables:
                help_line = nearest(name, variables) or f"its variables are {', '.join(variables)}"
                message = f"`{{{name}}}` is not a variable of this rule"
                yield Diagnostic("uitleg", message, metadata.uitleg_span, help_line)
        if set(_PLACEHOLDER.sub("", metadata.uitleg)) & set("{}"):
            yield Diagnostic("uitleg", "a brace without its pair", metadata.uitleg_span, "write `{Variabele}`")


def idle_priorities(draft: Draft) -> Iterator[Diagnostic]:
    """A rule says its voorrang only where another rule can give the same fact."""
    if not (draft.whole and draft.readable):
        return
    for rule, metadata in _with_metadata(draft):
        rivals = (other for other in draft.rules if other is not rule and _can_give_the_same(rule, other))
        if metadata.voorrang is not None and next(rivals, None) is None:
            message = "no other rule can give what this rule gives"
            yield Diagnostic("voorrang", message, metadata.voorrang_span, "remove this line")


def _can_give_the_same(one: Rule, other: Rule) -> bool:
    """Whether two heads are of one predicate, with no two different constants in one place."""
    if one.head.predicate != other.head.predicate or len(one.head.arguments) != len(other.head.arguments):
        return False
    return all(
        isinstance(left, Variable) or isinstance(right, Variable) or left == right
        for left, right in zip(one.head.arguments, other.head.arguments, strict=True)
    )


def _with_metadata(draft: Draft) -> Iterator[tuple[Rule, Metadata]]:
    for rule in draft.rules:
        if rule.metadata is not None:
            yield rule, rule.metadata
