"""Syntax trees of the rule language.

Goes in: nothing. Comes out: immutable nodes that the parser makes and everyone else reads.
Must not know: how text is parsed, what a predicate means, how a rule is evaluated.

Every node knows where it stood in the text (`span`), but two nodes that say the same are equal
wherever they stood.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

Value = str | int
"""A constant: a word from a domain, or a whole number (a count, or a date as yyyymmdd)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text: 1-based lines and columns, the end exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


NOWHERE = Span("", 1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Variable:
    """A capitalised word that stands for any value: `Casus`."""

    name: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A fixed value: `'school'` or `27`."""

    value: Value
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Term = Variable | Constant

ArithmeticOperator = OneOf["+", "-", "*", "//"]
ComparisonOperator = OneOf["<", "<=", "==", "!=", ">=", ">"]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum in a comparison: `Datum + Jaren * 10000`."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Expression = Variable | Constant | Arithmetic


@dataclass(frozen=True, slots=True)
class Atom:
    """A predicate with its arguments: `leeftijd(Casus, Jaren)`."""

    predicate: str
    arguments: tuple[Term, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Positive:
    """The atom must hold."""

    atom: Atom
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Negated:
    """The atom must not hold: `~alb_actief(Casus)`."""

    atom: Atom
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two expressions compared; `==` with an unbound variable on the left gives it its value."""

    operator: ComparisonOperator
    left: Expression
    right: Expression
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Literal = Positive | Negated | Comparison


@dataclass(frozen=True, slots=True)
class Reference:
    """One place in a source: `WEB 9.2.12 lid 3` is Reference("WEB", "9.2.12 lid 3").

    `condition`: a table that must hold for the source to be cited, `valt_onder(Opleiding, 'WEB')`; None for always.
    """

    source: str
    place: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    condition: Atom | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the comments above a rule say: its norm, its sources, its explanation, its priority.

    What they do not say is empty here; the checks refuse it.
    """

    norm: str
    references: tuple[Reference, ...]
    uitleg: str
    interpretaties: tuple[str, ...] = ()
    voorrang: int | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    norm_span: Span = field(default=NOWHERE, compare=False, repr=False)
    uitleg_span: Span = field(default=NOWHERE, compare=False, repr=False)
    interpretaties_span: Span = field(default=NOWHERE, compare=False, repr=False)
    voorrang_span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """`head <= body`: the head holds when every literal of the body does.

    `metadata` is None only for a rule without comments; the checks refuse it.
    """

    head: Atom
    body: tuple[Literal, ...]
    metadata: Metadata | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """`+ head`: a ground atom that always holds."""

    atom: Atom
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Clause = Rule | Fact
