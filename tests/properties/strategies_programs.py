"""Random small programs that mostly pass `check`, and random cases for them.

Programs reach what engines can differ on: open and closed input, a single open input that rules
derive too, negation, comparisons with numbers that may be unknown, sums, assignments, tables, an
open predicate of three arguments, and a two-valued last layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from app.engine.facts import FactSet, Row
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
    Metadata,
    Negated,
    Positive,
    Reference,
    Rule,
    Term,
    Value,
    Variable,
)
from app.lang.printer import print_clauses
from app.lang.program import Program, SourceText, check
from app.lang.vocabulary import Argument, Domain, Norm, Predicate, Source, Vocabulary

CASE = "zaak"
COLOURS = ("rood", "wit", "blauw")
HIGHEST = 4
KEY, COLOUR, NUMBER, ANSWER = "casus", "kleur", "aantal", "ja_nee"
METADATA = Metadata("N-1", (Reference("SD", "1"),), "Dit volgt.")
CASE_VARIABLE = Variable("Casus")
ORDERS: tuple[ComparisonOperator, ...] = ("<", "<=", ">=", ">")
SAME: tuple[ComparisonOperator, ...] = ("==", "!=")
SUMS: tuple[ArithmeticOperator, ...] = ("+", "-")
CONSTANTS = {
    COLOUR: tuple(map(Constant, COLOURS)),
    ANSWER: (Constant("ja"), Constant("nee")),
    NUMBER: tuple(map(Constant, range(HIGHEST + 1))),
}
T = TypeVar("T")

DOMAINS = {
    KEY: Domain(KEY, "entiteit", "Een zaak.", {}),
    COLOUR: Domain(COLOUR, "keuze", "Een kleur.", {word: word for word in COLOURS}),
    ANSWER: Domain(ANSWER, "keuze", "Ja of nee.", {"ja": "ja", "nee": "nee"}),
    NUMBER: Domain(NUMBER, "getal", "Een aantal.", {}, 0, HIGHEST),
}


def predicate(name: str, kind: str, *domains: str, open_: bool = False, single: bool = False) -> Predicate:
    """Declare a predicate over the given domains; `v_…` is two-valued."""
    arguments = tuple(Argument(f"{domain.capitalize()}{index}", domain) for index, domain in enumerate(domains))
    return Predicate(
        name,
        arguments,
        kind,  # type: ignore[arg-type]
        open=open_,
        single=single,
        two_valued=name.startswith("v_"),
        sentence=name,
        negated=f"niet {name}",
    )


INPUT = (
    predicate("bestaat", "invoer", KEY),
    predicate("gesloten_kleur", "invoer", KEY, COLOUR),
    predicate("gesloten_aantal", "invoer", KEY, NUMBER, single=True),
    predicate("lichte_kleur", "tabel", COLOUR),
    predicate("prijs", "tabel", COLOUR, NUMBER),
    predicate("open_kleuren", "invoer", KEY, COLOUR, open_=True),
    predicate("open_aantal", "invoer", KEY, NUMBER, open_=True, single=True),
    predicate("open_paar", "invoer", KEY, COLOUR, COLOUR, open_=True),
    # These may also be derived, by rules that read only what stands above them.
    predicate("open_kleur", "invoer", KEY, COLOUR, open_=True, single=True),
    predicate("open_antwoord", "invoer", KEY, ANSWER, open_=True, single=True),
    predicate("open_leeftijd", "invoer", KEY, NUMBER, open_=True, single=True),
)
DERIVABLE = ("open_kleur", "open_antwoord", "open_leeftijd")
SHAPES = ((KEY,), (KEY, COLOUR), (KEY, ANSWER), (KEY, NUMBER), (COLOUR,))


def vocabulary_of(derived: tuple[Predicate, ...]) -> Vocabulary:
    """Return a vocabulary with all input and some derived predicates."""
    return Vocabulary(
        domains=DOMAINS,
        predicates={one.name: one for one in (*INPUT, *derived)},
        fields=(),
        norms={"N-1": Norm("N-1", "Een norm")},
        sources={"SD": Source("SD", "Servicedocument", None, None)},
        interpretaties={"I-1": "Een keuze."},
    )


@dataclass(slots=True)
class _Body:
    """A body under construction: which variables are bound, by domain, and which may be unknown."""

    literals: list[Literal] = field(default_factory=list)
    bound: dict[str, list[Variable]] = field(default_factory=lambda: {COLOUR: [], ANSWER: [], NUMBER: []})
    unknown: set[str] = field(default_factory=set)

    def fresh(self, domain: str) -> Variable:
        variable = Variable(f"{domain[0].upper()}{len(self.bound[domain])}")
        self.bound[domain].append(variable)
        return variable


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    """Draw a place in a sequence. Strategies are made once: making one for each draw cost more than the draws."""
    return st.integers(0, count - 1)


@cache
def _orders(count: int) -> st.SearchStrategy[list[int]]:
    return st.permutations(range(count))


def _pick(draw: st.DrawFn, choices: Sequence[T]) -> T:
    """Draw one of some choices, the first when it shrinks."""
    return choices[draw(_below(len(choices)))]


def _how_many(draw: st.DrawFn, least: int, most: int) -> int:
    return least + draw(_below(most - least + 1))


def _constant(draw: st.DrawFn, domain: str) -> Constant:
    return _pick(draw, CONSTANTS[domain])


def _term(draw: st.DrawFn, body: _Body, domain: str, *, may_bind: bool) -> Term:
    if domain == KEY:
        return CASE_VARIABLE
    known = [one for one in body.bound[domain] if one.name not in body.unknown]
    ways: list[Callable[[], Term]] = [lambda: _constant(draw, domain)]
    if known:
        ways.append(lambda: _pick(draw, known))
    if may_bind:
        ways += [lambda: body.fresh(domain)] * 2
    return _pick(draw, ways)()


def _positive(draw: st.DrawFn, body: _Body, chosen: Predicate, unknown: set[tuple[str, int]], side: str) -> None:
    tested_whole = chosen.open and len(chosen.arguments) > 2
    terms: list[Term] = []
    for position, argument in enumerate(chosen.arguments):
        if (chosen.name, position) in unknown and side != "zeker_":
            variable = body.fresh(NUMBER)
            body.unknown.add(variable.name)
            terms.append(variable)
        else:
            terms.append(_term(draw, body, argument.domain, may_bind=not tested_whole))
    body.literals.append(Positive(Atom(f"{side}{chosen.name}", tuple(terms))))


def _number(draw: st.DrawFn, body: _Body) -> Expression:
    leaf: Expression = _pick(draw, body.bound[NUMBER]) if body.bound[NUMBER] else _constant(draw, NUMBER)
    if draw(_YES_OR_NO):
        return leaf
    return Arithmetic(_pick(draw, SUMS), leaf, Constant(_how_many(draw, 0, 3)))


def _comparison(draw: st.DrawFn, body: _Body) -> None:
    kind = _pick(draw, ("order", "order", "word", "equal", "assign"))
    sure = [one for one in body.bound[NUMBER] if one.name not in body.unknown]
    if kind == "word" and body.bound[COLOUR]:
        left, right = _pick(draw, body.bound[COLOUR]), _term(draw, body, COLOUR, may_bind=False)
        body.literals.append(Comparison(_pick(draw, SAME), left, right))
    elif kind == "equal" and sure:
        body.literals.append(Comparison(_pick(draw, SAME), _pick(draw, sure), _constant(draw, NUMBER)))
    elif kind == "assign" and body.bound[NUMBER]:
        value = _number(draw, body)
        variable = body.fresh(NUMBER)
        if any(one in body.unknown for one in _names(value)):
            body.unknown.add(variable.name)
        body.literals.append(Comparison("==", variable, value))
    elif body.bound[NUMBER]:
        left_side, right_side = _pick(draw, body.bound[NUMBER]), _number(draw, body)
        body.literals.append(Comparison(_pick(draw, ORDERS), left_side, right_side))


def _names(expression: Expression) -> list[str]:
    match expression:
        case Variable(name):
            return [name]
        case Arithmetic(_, left, right):
            return _names(left) + _names(right)
    return []


def _rule(
    draw: st.DrawFn, head: Predicate, readable: list[Predicate], unknown: set[tuple[str, int]], open_ones: set[str]
) -> Rule:
    body = _Body()
    for _ in range(_how_many(draw, 1, 3)):
        chosen = _pick(draw, readable)
        _positive(draw, body, chosen, unknown, _side(draw, head, chosen, open_ones))
    for _ in range(_how_many(draw, 0, 2)):
        if draw(_YES_OR_NO):
            _comparison(draw, body)
            continue
        chosen = _pick(draw, [one for one in readable if NUMBER not in [a.domain for a in one.arguments]])
        terms = tuple(_term(draw, body, argument.domain, may_bind=False) for argument in chosen.arguments)
        body.literals.append(Negated(Atom(f"{_side(draw, head, chosen, open_ones)}{chosen.name}", terms)))
    arguments: list[Term] = []
    for position, argument in enumerate(head.arguments):
        candidates = body.bound.get(argument.domain, [])
        if argument.domain == KEY:
            arguments.append(CASE_VARIABLE)
        elif candidates and _how_many(draw, 0, 3) > 0:
            passed = _pick(draw, candidates)
            arguments.append(passed)
            if passed.name in body.unknown:
                unknown.add((head.name, position))
        else:
            arguments.append(_constant(draw, argument.domain))
    if any(one.name in open_ones for one in _read(body.literals, readable)) and not head.two_valued:
        open_ones.add(head.name)
    if _needs_case(arguments, body.literals):
        body.literals.append(Positive(Atom("bestaat", (CASE_VARIABLE,))))
    order = draw(_orders(len(body.literals)))
    return Rule(Atom(head.name, tuple(arguments)), tuple(body.literals[place] for place in order), METADATA)


def _needs_case(head: list[Term], literals: list[Literal]) -> bool:
    binding = [
        one.atom for one in literals if isinstance(one, Positive) and not one.atom.predicate.endswith("open_paar")
    ]
    used = [one.atom for one in literals if isinstance(one, Positive | Negated)]
    is_used = CASE_VARIABLE in head or any(CASE_VARIABLE in atom.arguments for atom in used)
    return is_used and not any(CASE_VARIABLE in atom.arguments for atom in binding)


def _read(literals: list[Literal], readable: list[Predicate]) -> list[Predicate]:
    atoms = [one.atom.predicate for one in literals if isinstance(one, Positive | Negated)]
    return [one for one in readable if one.name in atoms]


def _side(draw: st.DrawFn, head: Predicate, chosen: Predicate, open_ones: set[str]) -> str:
    if not head.two_valued or chosen.name not in open_ones:
        return ""
    return _pick(draw, ("zeker_", "mogelijk_"))


_YES_OR_NO = st.booleans()
_COLOURS = st.sets(st.sampled_from(COLOURS))
_PRICES = st.sets(st.tuples(st.sampled_from(COLOURS), st.integers(0, HIGHEST)), max_size=3).map(sorted)
_ALSO_DERIVED = st.sets(st.sampled_from(DERIVABLE), max_size=2).map(sorted)


@st.composite
def program_parts(draw: st.DrawFn) -> tuple[Vocabulary, tuple[Clause, ...]]:
    """A vocabulary and clauses over it that nearly always pass `check`."""
    facts = [
        *(Fact(Atom("lichte_kleur", (Constant(one),))) for one in draw(_COLOURS)),
        *(Fact(Atom("prijs", (Constant(colour), Constant(number)))) for colour, number in draw(_PRICES)),
    ]
    unknown = {("open_aantal", 1), ("open_leeftijd", 1)}
    open_ones = {one.name for one in INPUT if one.open}
    below = [one for one in INPUT if one.name not in DERIVABLE]
    rules: list[Rule] = []
    for name in draw(_ALSO_DERIVED):
        head = next(one for one in INPUT if one.name == name)
        rules += [_rule(draw, head, below, unknown, open_ones) for _ in range(_how_many(draw, 1, 2))]
    readable, derived = list(INPUT), []
    for index in range(_how_many(draw, 1, 4)):
        head = predicate(f"p_{index}", "uitkomst", *_pick(draw, SHAPES))
        rules += [_rule(draw, head, readable, unknown, open_ones) for _ in range(_how_many(draw, 1, 3))]
        readable.append(head)
        derived.append(head)
    for index in range(_how_many(draw, 0, 2)):
        head = predicate(f"v_{index}", "uitkomst", *_pick(draw, SHAPES))
        rules += [_rule(draw, head, readable, unknown, open_ones) for _ in range(_how_many(draw, 1, 2))]
        readable.append(head)
        derived.append(head)
    return vocabulary_of(tuple(derived)), (*facts, *dict.fromkeys(rules))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A checked, non-recursive program."""
    vocabulary, clauses = draw(program_parts())
    program = check([SourceText("willekeurig.dl", print_clauses(clauses))], vocabulary)
    assume(isinstance(program, Program))
    assert isinstance(program, Program)
    return program


@cache
def _rows(one: Predicate, least: int, most: int) -> st.SearchStrategy[list[tuple[Value, ...]]]:
    """Draw rows of a predicate, each once."""
    row = st.tuples(*(st.sampled_from(_values(argument.domain)) for argument in one.arguments))
    return st.lists(row, min_size=least, max_size=most, unique=True)


def _values(domain: str) -> tuple[Value, ...]:
    found: dict[str, tuple[Value, ...]] = {
        KEY: (CASE,),
        COLOUR: COLOURS,
        ANSWER: ("ja", "nee"),
        NUMBER: tuple(range(HIGHEST + 1)),
    }
    return found[domain]


@st.composite
def fact_sets(draw: st.DrawFn) -> FactSet:
    """A partial case for any of these programs: some input known, some unknown, some known to be none."""
    known: dict[str, tuple[Row, ...]] = {"bestaat": ((CASE,),)}
    unknown: dict[str, tuple[Value, ...]] = {}
    for one in INPUT:
        if one.kind != "invoer" or one.name == "bestaat":
            continue
        if one.open and draw(_YES_OR_NO):
            unknown[one.name] = (CASE,)
            continue
        rows = draw(_rows(one, 0, 1 if one.single else 3))
        if rows:
            known[one.name] = tuple(rows)
    return FactSet(known, unknown)


def completions_of(facts: FactSet) -> st.SearchStrategy[FactSet]:
    """One way to fill in everything unknown of a case."""

    @st.composite
    def complete(draw: st.DrawFn) -> FactSet:
        known = dict(facts.known)
        for one in INPUT:
            if one.name in facts.unknown:
                rows = draw(_rows(one, 1, 1) if one.single else _rows(one, 0, 3))
                known[one.name] = tuple(dict.fromkeys((*known.get(one.name, ()), *rows)))
        return FactSet(known, {})

    return complete()
