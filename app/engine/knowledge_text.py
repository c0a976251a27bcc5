"""The doubled program as text that pyDatalog loads.

Goes in: a `Doubled`. Comes out: clauses in pyDatalog's syntax, and the names they use.
Must not know: pyDatalog itself, or how it answers.

Every relation that can differ between cases carries the number of the case as its first argument, so
that cases decided together cannot meet. A rule is written twice: `regel_n(K, variables) <= body` lists its
ground rules, `head <= regel_n(K, variables)` derives its rows. Words are printed with a mark before them:
pyDatalog would read the bare words 'True' and '??' as something else. Nothing is printed but names that
are checked here, numbered variables, marked words and whole numbers. Where nobody asks for ground rules
a rule is written once, `head <= body`: half the goals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.engine.doubled import Doubled, DoubledRule, Relation, relation_name
from app.engine.model import ModelRow, ModelValue
from app.lang.ast import Arithmetic, Atom, Comparison, Constant, Expression, Literal, Negated, Positive, Variable
from app.lang.program import order_literals, rule_variables
from app.lang.vocabulary import Predicate

CASE = "zaak"
"""`zaak(K)`: the cases there are."""
GROUNDS = "grond"
"""`grond(K, relation, (rule, values…))`: every ground rule of every case."""
FIXED_GROUNDS = "vaste_grond"
"""`vaste_grond(relation, (rule, values…))`: the same for what no case changes."""
QUERY = "vraag"
"""`vraag(K, values…)`: the answers to a developer's query."""
MARK = "w:"


def encode(value: ModelValue) -> ModelValue:
    """Mark a word, so that pyDatalog takes it for nothing else; TypeError for a boolean, which equals a number."""
    if isinstance(value, bool):
        raise TypeError(f"{value} is no value in a rule: use the words ja and nee")
    return MARK + value if isinstance(value, str) else value


def decode(values: Sequence[ModelValue]) -> ModelRow:
    """Take the marks off again."""
    return tuple(value[len(MARK) :] if isinstance(value, str) else value for value in values)


def predicate_name(relation: str) -> str:
    """The name of a relation in pyDatalog."""
    return _checked(f"p_{relation}")


def unsaid_name(predicate: str) -> str:
    """The name under which an open predicate's unsaid keys are asserted."""
    return _checked(f"onbekend_{predicate}")


def variable_names(variables: Sequence[str]) -> dict[str, str]:
    """How a rule's variables are called in the text."""
    return {name: f"X{number}" for number, name in enumerate(variables)}


class KnowledgeText:
    """The text of one program."""

    def __init__(self, doubled: Doubled, reasons: bool = True) -> None:
        self.doubled = doubled
        self._reasons = reasons
        self._vocabulary = doubled.program.vocabulary

    def declarations(self) -> Iterator[tuple[str, int]]:
        """Every predicate with its number of arguments: pyDatalog must know each before it is read."""
        yield from ((CASE, 1), (GROUNDS, 3), (FIXED_GROUNDS, 2))
        for domain in self._vocabulary.domains:
            yield _domain_name(domain), 1
        for relation in self.doubled.relations.values():
            yield predicate_name(relation.name), len(relation.predicate.arguments) + (not relation.static)
            if relation.possible_input:
                yield unsaid_name(relation.predicate.name), 2 + self.is_number(relation.predicate)
            if relation.outranked_by:
                yield _certain_name(relation), 2
            for rule in self.doubled.rules.get(relation.name, ()):
                yield _rule_name(relation.name, rule.index), 1 + len(self._variables(rule))

    def clauses(self) -> Iterator[str]:
        """Every clause of the program, one a line."""
        for domain in self._vocabulary.domains.values():
            for value in domain.values:
                yield f"+ {_domain_name(domain.name)}({_constant(value)})"
        for relation in self.doubled.relations.values():
            for row in self.doubled.facts.get(relation.predicate.name, ()):
                fact = Positive(Atom(relation.name, tuple(Constant(value) for value in row)))
                text = self.body((fact,), {})
                yield f"+ {text}" if relation.static else f"{text} <= {CASE}(K)"
            if relation.outranked_by or relation.possible_input:
                yield from self._possible(relation)
            for rule in self.doubled.rules.get(relation.name, ()):
                yield from self._rule(relation, rule)

    def is_number(self, predicate: Predicate) -> bool:
        """Whether the unsaid value of an open predicate is an unknown number."""
        if len(predicate.arguments) != 2:
            return False
        return self._vocabulary.domain_of(predicate.name, 1).kind in ("getal", "datum")

    def body(self, body: Sequence[Literal], names: dict[str, str]) -> str:
        """Conditions in the order they stand in: pyDatalog tries them so."""

        def atom_text(atom: Atom) -> str:
            case = [] if self.doubled.relations[atom.predicate].static else ["K"]
            terms = [_expression(term, names) for term in atom.arguments]
            return f"{predicate_name(atom.predicate)}({', '.join(case + terms)})"

        def text(literal: Literal) -> str:
            match literal:
                case Positive(atom):
                    return atom_text(atom)
                case Negated(atom):
                    return "~" + atom_text(atom)
                case Comparison(operator, left, right):
                    return f"({_expression(left, names)} {operator} {_expression(right, names)})"

        return " & ".join(map(text, body))

    def query(self, body: Sequence[Literal], variables: Sequence[str]) -> str:
        """A query as a rule."""
        names = variable_names(variables)
        return f"{QUERY}({', '.join(['K', *names.values()])}) <= {CASE}(K) & {self.body(body, names)}"

    def _variables(self, rule: DoubledRule) -> tuple[str, ...]:
        return rule_variables(self.doubled.program.rules[rule.index])

    def _rule(self, relation: Relation, rule: DoubledRule) -> Iterator[str]:
        names = variable_names(self._variables(rule))
        numbers = "".join(f", {number}" for number in names.values())
        ground = f"{_rule_name(relation.name, rule.index)}({'0' if relation.static else 'K'}{numbers})"
        literals = order_literals(rule.body, (), self._vocabulary, self._walk)
        body = self.body(literals, names)
        if not relation.static and not self._names_case(literals[0]):
            body = f"{CASE}(K) & {body}"
        if not self._reasons:
            if relation.outranked_by:
                body += f" & ~{_certain_name(relation)}(K, {_expression(rule.head.arguments[0], names)})"
            yield f"{self.body((Positive(rule.head),), names)} <= {body}"
            return
        if relation.outranked_by:
            # What makes a row certain makes it possible; else it is possible only while its key has no certain value.
            yield f"{ground} <= {_rule_name(relation.outranked_by, rule.index)}(K{numbers})"
            body += f" & ~{_certain_name(relation)}(K, {_expression(rule.head.arguments[0], names)})"
        yield f"{ground} <= {body}"
        yield f"{self.body((Positive(rule.head),), names)} <= {ground}"
        listed = f"{_constant(relation.name)}, ({rule.index},{numbers.removeprefix(',')})"
        yield f"{FIXED_GROUNDS}({listed}) <= {ground}" if relation.static else f"{GROUNDS}(K, {listed}) <= {ground}"

    def _walk(self, atom: Atom) -> int:
        """A case has few rows where the law's tables have many; what nobody said comes last of all."""
        relation = self.doubled.relations[atom.predicate]
        return 2 if relation.possible_input else int(relation.static)

    def _names_case(self, first: Literal) -> bool:
        """Whether a condition read first says which cases there are: then it is asked for all of them at once."""
        return isinstance(first, Positive) and not self.doubled.relations[first.atom.predicate].static

    def _possible(self, relation: Relation) -> Iterator[str]:
        """Certain rows are possible; so is every value of an unsaid key that has no certain one."""
        arguments = [f"X{place}" for place in range(len(relation.predicate.arguments))]
        row = ", ".join(["K", *arguments])
        name = predicate_name(relation.name)
        yield f"{name}({row}) <= {predicate_name(relation_name('zeker', relation.predicate.name))}({row})"
        certain = ""
        if relation.outranked_by:
            yield f"{_certain_name(relation)}(K, X0) <= {predicate_name(relation.outranked_by)}({row})"
            certain = f" & ~{_certain_name(relation)}(K, X0)"
        if not relation.possible_input:
            return
        unsaid = unsaid_name(relation.predicate.name)
        if self.is_number(relation.predicate):
            yield f"{name}({row}) <= {unsaid}({row}){certain}"
            return
        # Domains without words are not listed: the checks see to it that a rule has such arguments bound.
        domains = [self._vocabulary.domains[argument.domain] for argument in relation.predicate.arguments]
        listed = [
            f" & {_domain_name(domain.name)}({variable})"
            for domain, variable in zip(domains[1:], arguments[1:], strict=True)
            if domain.values
        ]
        yield f"{name}({row}) <= {unsaid}(K, X0){''.join(listed)}{certain}"


def _expression(one: Expression, names: dict[str, str]) -> str:
    match one:
        case Variable(name):
            return names[name]
        case Constant(value):
            return _constant(value)
        case Arithmetic(operator, left, right):
            return f"({_expression(left, names)} {operator} {_expression(right, names)})"


def _constant(value: ModelValue) -> str:
    encoded = encode(value)
    return ascii(encoded) if isinstance(encoded, str) else f"({encoded:d})"


def _rule_name(relation: str, index: int) -> str:
    return _checked(f"regel_{index}_{relation}")


def _certain_name(relation: Relation) -> str:
    return _checked(f"heeft_{relation.predicate.name}")


def _domain_name(domain: str) -> str:
    return _checked(f"domein_{domain}")


def _checked(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"{name!r} cannot be a name in pyDatalog")
    return name
