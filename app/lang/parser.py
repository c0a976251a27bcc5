"""Text of rules and facts into syntax trees.

Goes in: text. Comes out: clauses, and diagnostics for the clauses that could not be read.
Must not know: which predicates, domains, norms and sources exist.

The text has pyDatalog's shape, so Python's `ast` can read it, but nothing of it is ever executed
or compiled: each clause is checked sign by sign (`tokens`), parsed by itself, and only the handful
of node types below is accepted.
"""

from __future__ import annotations

import ast as python
import re
from dataclasses import dataclass
from typing import Final

from app.lang.ast import (
    Arithmetic,
    ArithmeticOperator,
    Atom,
    Clause,
    Comparison,
    ComparisonOperator,
    Constant,
    Expression,
    Fact,
    Literal,
    Negated,
    Positive,
    Rule,
    Span,
    Term,
    Variable,
)
from app.lang.date_sums import END_OF_SCHOOL_YEAR, YEARS, end_of_school_year, years
from app.lang.diagnostics import Diagnostic, Diagnostics, in_order, whole_file
from app.lang.layout import Chunk, split
from app.lang.metadata import read_metadata
from app.lang.tokens import YES_AND_NO, faults_in

LONGEST_TEXT: Final = 1_000_000
LONGEST_QUERY: Final = 2_000
MOST_LITERALS: Final = 100
DEEPEST_EXPRESSION: Final = 10
_ARITHMETIC: Final[dict[type[python.operator], ArithmeticOperator]] = {
    python.Add: "+", python.Sub: "-", python.Mult: "*", python.FloorDiv: "//",
}  # fmt: skip
_COMPARISON: Final[dict[type[python.cmpop], ComparisonOperator]] = {
    python.Lt: "<", python.LtE: "<=", python.Eq: "==", python.NotEq: "!=", python.GtE: ">=", python.Gt: ">",
}  # fmt: skip
_VARIABLE: Final = re.compile(r"[A-Z][A-Za-z0-9_]*")
_PREDICATE: Final = re.compile(r"[a-z][a-z0-9_]*")
_QUOTED: Final = "a variable is a capitalised word, a value stands in quotes: '{name}'"
_YEARS_IN_TEXT: Final = re.compile(rf"(?<=[\w)'])(\s+){YEARS}\b(?!\s*\()")
_YEARS_IN_TREE: Final = "__"
"""`Jaren jaar` is given to Python as `Jaren **__`: as long, and nothing binds stronger. No text has `**` of itself."""
_YEARS_HELP: Final = "say how many: `1 jaar` or `Jaren jaar`"
_SHAPE: Final = "a rule is `head(X) <= body(X) & ~other(X) & (X < 3)`, a fact is `+ table('word', 1)`"


@dataclass(frozen=True, slots=True)
class Parsed:
    """The clauses that could be read, in order, and what was wrong with the others."""

    clauses: tuple[Clause, ...]
    diagnostics: tuple[Diagnostic, ...]


class _Unreadable(Exception):
    """A part of a clause that is not in the language; carries its diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def parse(name: str, text: str) -> Parsed:
    """Parse a file; every clause by itself, so all faults are reported at once."""
    if len(text) > LONGEST_TEXT:
        message = f"this file is longer than {LONGEST_TEXT} characters"
        return Parsed((), (Diagnostic("too-long", message, whole_file(name), "split it by subject"),))
    chunks, faults = split(name, text)
    clauses = [clause for chunk in chunks if (clause := _Reader(chunk, faults).clause()) is not None]
    return Parsed(tuple(clauses), tuple(faults))


def parse_query(text: str, name: str = "vraag") -> tuple[Literal, ...] | Diagnostics:
    """Parse a developer's query: literals joined by `&`, without a head."""
    if len(text) > LONGEST_QUERY:
        message = f"this query is longer than {LONGEST_QUERY} characters"
        return Diagnostics((Diagnostic("too-long", message, whole_file(name), "ask less at once"),))
    bad = next((char for char in text if not (char.isprintable() or char in "\r\n")), None)
    if bad is not None:
        message = f"the invisible character U+{ord(bad):04X} is not allowed"
        return Diagnostics((Diagnostic("character", message, whole_file(name)),))
    if not text.strip():
        return Diagnostics((Diagnostic("syntax", "this query is empty", whole_file(name), "ask `taak(C, P, T, A)`"),))
    faults: list[Diagnostic] = []
    literals = _Reader(Chunk(name, 1, text.replace("\r\n", "\n").rstrip(), ()), faults).query()
    return in_order(faults, (name,)) if faults else literals


class _Reader:
    """Reads one chunk: Python's tree in, our tree out, faults into the given list."""

    def __init__(self, chunk: Chunk, faults: list[Diagnostic]) -> None:
        self.chunk = chunk
        self.faults = faults

    def clause(self) -> Clause | None:
        node = self._tree()
        if node is None:
            return None
        faults_before = len(self.faults)
        clause: Clause | None = None
        match node:
            case python.UnaryOp(op=python.UAdd(), operand=operand):
                atom = self._try_atom(operand)
                clause = None if atom is None else Fact(atom, self._span(node))
            case python.Compare(left=head, ops=[python.LtE()], comparators=[body]):
                metadata = read_metadata(self.chunk, self.faults)
                atom, literals = self._try_atom(head), self._literals(body)
                clause = None if atom is None else Rule(atom, literals, metadata, self._span(node))
            case python.Compare(ops=[_, _, *_]):
                self._fault(node, "a comparison in a body stands in parentheses", "write `& (X < 3)`")
            case python.Compare(left=python.Call(), ops=[_]):
                self._fault(node, "this is neither a rule nor a fact", _SHAPE)
            case python.Call():
                self._fault(node, "a fact starts with `+`", _SHAPE)
            case _:
                self._fault(node, "this is neither a rule nor a fact", _SHAPE)
        return clause if len(self.faults) == faults_before else None

    def query(self) -> tuple[Literal, ...]:
        node = self._tree()
        return () if node is None else self._literals(node)

    def _tree(self) -> python.expr | None:
        found = list(faults_in(self.chunk))
        if found:
            self.faults.extend(found)
            return None
        try:
            # The text stands on lines of its own between parentheses: columns stay, lines may go on.
            text = _YEARS_IN_TEXT.sub(rf"\1**{_YEARS_IN_TREE}", self.chunk.text)
            return python.parse(f"(\n{text}\n)", mode="eval").body
        except SyntaxError as error:
            self.faults.append(self._syntax(error))
        except (ValueError, RecursionError, MemoryError):
            message = "this clause is too complex to read"
            self.faults.append(Diagnostic("too-deep", message, self.chunk.span(0, 0, 0, 1), "split the rule"))
        return None

    def _syntax(self, error: SyntaxError) -> Diagnostic:
        lines = self.chunk.text.split("\n")
        line = min(max((error.lineno or 2) - 2, 0), len(lines) - 1)
        column = min(max((error.offset or 1) - 1, 0), max(len(lines[line]) - 1, 0))
        end = min(column + 1, len(lines[line]))
        return Diagnostic("syntax", "this clause cannot be read", self.chunk.span(line, column, line, end), _SHAPE)

    def _span(self, node: python.expr) -> Span:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.chunk.span(node.lineno - 2, node.col_offset, end_line - 2, end_column)

    def _fault(self, node: python.expr, message: str, help_line: str = "") -> None:
        self.faults.append(self._unreadable(node, message, help_line).diagnostic)

    def _unreadable(self, node: python.expr, message: str, help_line: str = "") -> _Unreadable:
        span = self._span(node)
        if node.lineno == 1 or (node.end_lineno or 0) > self.chunk.text.count("\n") + 2:
            # An empty tuple or the like: Python's node is our own pair of parentheses.
            span = self.chunk.span(0, 0, 0, 1)
        return _Unreadable(Diagnostic("syntax", message, span, help_line))

    def _literals(self, node: python.expr) -> tuple[Literal, ...]:
        nodes: list[python.expr] = []
        while isinstance(node, python.BinOp) and isinstance(node.op, python.BitAnd):
            nodes.append(node.right)
            node = node.left
        nodes.append(node)
        literals: list[Literal] = []
        for one in reversed(nodes):
            if isinstance(one, python.BinOp) and isinstance(one.op, python.BitAnd):
                self._fault(one, "conditions are not grouped", "remove these parentheses around `&`")
                continue
            try:
                literals.append(self._literal(one))
            except _Unreadable as fault:
                self.faults.append(fault.diagnostic)
        if len(nodes) > MOST_LITERALS:
            self._fault(nodes[0], f"more than {MOST_LITERALS} conditions in one rule", "split the rule")
        return tuple(literals)

    def _literal(self, node: python.expr) -> Literal:
        match node:
            case python.Call():
                return Positive(self._atom(node), self._span(node))
            case python.UnaryOp(op=python.Invert(), operand=python.Call() as call):
                return Negated(self._atom(call), self._span(node))
            case python.UnaryOp(op=python.Invert()):
                raise self._unreadable(node, "`~` stands only before a predicate", "reverse the comparison instead")
            case python.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISON:
                operator = _COMPARISON[type(op)]
                return Comparison(operator, self._expression(left, 0), self._expression(right, 0), self._span(node))
            case python.Compare(ops=[_, _, *_]):
                help_line = "every comparison stands in its own parentheses and has one sign: `(X < Y) & (Y < Z)`"
                raise self._unreadable(node, "two comparisons in one", help_line)
            case python.BinOp():
                raise self._unreadable(node, "conditions are joined by `&` only", _SHAPE)
        raise self._unreadable(node, "this is not a condition", "write `p(X)`, `~p(X)` or `(X < 3)`")

    def _try_atom(self, node: python.expr) -> Atom | None:
        try:
            return self._atom(node)
        except _Unreadable as fault:
            self.faults.append(fault.diagnostic)
            return None

    def _atom(self, node: python.expr) -> Atom:
        match node:
            case python.Call(func=python.Name(id=name) as function, args=arguments, keywords=[]):
                if not _PREDICATE.fullmatch(name):
                    help_line = "letters, digits and `_`, starting with a small letter"
                    raise self._unreadable(function, f"`{name}` is not a name of a predicate", help_line)
                if not arguments:
                    raise self._unreadable(node, f"`{name}` has no arguments", "a predicate is about something")
                return Atom(name, tuple(self._term(one) for one in arguments), self._span(node))
            case python.Call():
                raise self._unreadable(node, "this is not a predicate with arguments", "write `name(X, 'word')`")
        raise self._unreadable(node, "a predicate with arguments is expected here", _SHAPE)

    def _term(self, node: python.expr) -> Term:
        term = self._expression(node, 0)
        if isinstance(term, Arithmetic):
            help_line = "give the sum a name: `& (Sum == X + 1)`, and use that"
            raise self._unreadable(node, "arithmetic is not allowed in an argument", help_line)
        return term

    def _expression(self, node: python.expr, depth: int) -> Expression:
        if depth > DEEPEST_EXPRESSION:
            raise self._unreadable(node, f"a sum more than {DEEPEST_EXPRESSION} deep", "split it with `(X == …)`")
        match node:
            case python.Name(id=name):
                if not _VARIABLE.fullmatch(name):
                    helps = {"true": YES_AND_NO, "false": YES_AND_NO, YEARS: _YEARS_HELP}
                    help_line = helps.get(name, _QUOTED.format(name=name))
                    raise self._unreadable(node, f"`{name}` is neither a variable nor a value", help_line)
                return Variable(name, self._span(node))
            case python.Constant(value=str() | int() as value) if not isinstance(value, bool):
                return Constant(value, self._span(node))
            case python.BinOp(op=op, left=left, right=right) if type(op) in _ARITHMETIC:
                operands = self._expression(left, depth + 1), self._expression(right, depth + 1)
                return Arithmetic(_ARITHMETIC[type(op)], *operands, self._span(node))
            case python.BinOp(op=python.Pow(), left=left, right=python.Name(id=name)) if name == _YEARS_IN_TREE:
                return years(self._expression(left, depth + 1), self._span(node))
            case python.Call(func=python.Name(id=name), args=[date], keywords=[]) if name == END_OF_SCHOOL_YEAR:
                return end_of_school_year(self._expression(date, depth + 1), self._span(node))
            case python.UnaryOp(op=python.USub()):
                raise self._unreadable(node, "numbers have no sign", "write `(X + 1 < Y)` or `0 - 1`")
        raise self._unreadable(node, "a variable, a value or a sum is expected here", "")
