"""Joins: the ways to satisfy a rule's body over conditional rows, with a node per literal.

Goes in: relations of conditional rows, and a body in evaluation order. Comes out: values for its variables, and nodes.
Must not know: what a solution is for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product

from app.kern.formula import FALSE, TRUE, Formulas, Listed, Same
from app.kern.refusals import Refused
from app.kern.relation import EMPTY, Relation
from app.kern.signature import Examined, IsWord, RowsOf
from app.kern.terms import Cell, Key, Number, Place, Quotient, Row, Sum, Term, cells_of, combine, number
from app.lang.ast import Arithmetic, Atom, Comparison, Constant, Expression, Literal, Negated, Positive, Rule
from app.lang.diagnostics import Diagnostic
from app.lang.ordering import atom_variables, order_literals
from app.lang.program import Program
from app.lang.sides import base, split_side
from app.lang.vocabulary import Predicate, Vocabulary

MOST_ROWS = 2_000
"""More rows than this for one listed fact are not enumerated: the rule must bind more of its arguments."""
Bound = dict[str, Term]
Body = Sequence[tuple[int, Literal]]
"""Literals in evaluation order, each with its place in the rule's text."""


class Join:
    """Solves rule bodies over conditional rows. `examined` is None where no flow is spoken of."""

    asks = True
    """Whether a table is asked for the rows of one signature's words."""

    def __init__(
        self,
        formulas: Formulas,
        vocabulary: Vocabulary,
        of_flow: Collection[str],
        relations: Mapping[str, Relation],
        examined: Examined | None,
    ) -> None:
        self._formulas = formulas
        self._vocabulary = vocabulary
        self._of_flow = of_flow
        self._relations = relations
        self._examined = examined

    def solutions(
        self, body: Sequence[tuple[int, Literal]], two_valued: bool
    ) -> Iterator[tuple[Bound, tuple[int, ...]]]:
        """Yield each way to give the variables values, with the node per literal in the order of the text."""
        nodes = [TRUE] * len(body)
        yield from self._solve(body, 0, {}, nodes, two_valued)

    def _solve(
        self, body: Sequence[tuple[int, Literal]], at: int, bound: Bound, nodes: list[int], two_valued: bool
    ) -> Iterator[tuple[Bound, tuple[int, ...]]]:
        if at == len(body):
            yield bound, tuple(nodes)
            return
        place, literal = body[at]
        for further, node in self._literal(literal, bound, two_valued):
            if node != FALSE:
                nodes[place] = node
                yield from self._solve(body, at + 1, further, nodes, two_valued)

    def _literal(self, literal: Literal, bound: Bound, two_valued: bool) -> Iterator[tuple[Bound, int]]:
        match literal:
            case Comparison():
                for further, node in self._comparison(literal, bound):
                    # Of a two-valued rule the literal that binds a number says which side it reads.
                    yield further, self._formulas.possible(node) if two_valued else node
            case Positive(atom):
                yield from self._positive(atom, bound, two_valued)
            case Negated(atom):
                found = [node for _, node in self._positive(atom, bound, two_valued)]
                yield bound, self._formulas.negate(self._formulas.either(found))

    def _positive(self, atom: Atom, bound: Bound, two_valued: bool) -> Iterator[tuple[Bound, int]]:
        side, name = split_side(atom.predicate)
        for further, node in self._rows(name, atom, bound):
            if side is not None and two_valued:
                node = self._formulas.certain(node) if side == "zeker" else self._formulas.possible(node)
            yield further, node

    def _rows(self, name: str, atom: Atom, bound: Bound) -> Iterator[tuple[Bound, int]]:
        predicate = self._vocabulary.predicates[name]
        if predicate.kind == "invoer" and name not in self._relations:
            yield from self._listed(predicate, atom, bound)
            return
        relation = self._relations.get(name, EMPTY)
        terms = [
            term_of(one, bound) if isinstance(one, Constant) or one.name in bound else None for one in atom.arguments
        ]
        for row, node in self._matching(name, relation, terms):
            joined, further = self._unified(atom, terms, row, bound, self._is_table(name, relation))
            if joined != FALSE:
                yield further, node if joined == TRUE else self._formulas.both((node, joined))

    def _matching(self, name: str, relation: Relation, terms: Sequence[Term | None]) -> Sequence[tuple[Row, int]]:
        if self._is_table(name, relation) and any(isinstance(term, Place) for term in terms):
            assert self._examined is not None
            asked = [(at, term) for at, term in enumerate(terms) if isinstance(term, str | int | Place)]
            found = self._examined.ask(RowsOf(name, tuple(at for at, _ in asked), tuple(term for _, term in asked)))
            assert isinstance(found, tuple)
            return [(row, TRUE) for row in found]
        exact = [(at, term) for at, term in enumerate(terms) if isinstance(term, str | int)]
        return list(relation.matching([at for at, _ in exact], tuple(term for _, term in exact)))

    def _is_table(self, name: str, relation: Relation) -> bool:
        """Whether a relation is the same in every case and for every flow, so that a test can ask for its rows."""
        return self.asks and relation.is_constant and name not in self._of_flow

    def _unified(
        self, atom: Atom, terms: Sequence[Term | None], row: Row, bound: Bound, constant: bool
    ) -> tuple[int, Bound]:
        """Compare a row with what is bound, and bind the rest."""
        further, nodes = bound, []
        for argument, term, value in zip(atom.arguments, terms, row, strict=True):
            if term is None:
                assert not isinstance(argument, Constant)
                if further is bound:
                    further = dict(bound)
                if argument.name not in further:
                    further[argument.name] = value
                    continue
                term = further[argument.name]
            if not (constant and isinstance(term, Place)):
                nodes.append(self._same(term, value, atom))
        return (FALSE, bound) if FALSE in nodes else (self._formulas.both(nodes), further)

    def _same(self, one: Term, other: Term, atom: Atom) -> int:
        """The node of "these two terms are equal"."""
        if one == other:
            return TRUE
        if isinstance(one, Place) or isinstance(other, Place):
            return TRUE if self._is_word(one, other) else FALSE
        if isinstance(one, Sum) or isinstance(other, Sum):
            return self._equal(one, other, atom)
        return FALSE

    def _is_word(self, one: Term, other: Term) -> bool:
        place, word = (one, other) if isinstance(one, Place) else (other, one)
        assert isinstance(place, Place)
        assert self._examined is not None
        if not isinstance(word, str | int | Place):
            return False
        return bool(self._examined.ask(IsWord(place, word)))

    def _equal(self, one: Term, other: Term, where: Atom | Comparison) -> int:
        if not isinstance(one, int | Sum) or not isinstance(other, int | Sum):
            return FALSE
        difference = combine(one, other, -1)
        if isinstance(difference, int):
            return TRUE if difference == 0 else FALSE
        if any(self._vocabulary.predicates[cell.predicate].open for cell in cells_of(difference)):
            message = "a number that may be unknown is compared for equality"
            raise Refused(Diagnostic("kern", message, where.span, "ask for at least or at most, or for both"))
        at_most = self._formulas.at_most_zero
        return self._formulas.both((at_most(difference), at_most(combine(0, difference, -1))))

    def _listed(self, predicate: Predicate, atom: Atom, bound: Bound) -> Iterator[tuple[Bound, int]]:
        """The rows of a listed input fact: one leaf for each, made when it is spoken of."""
        choices: list[Sequence[Term]] = []
        for argument, declared in zip(atom.arguments, predicate.arguments, strict=True):
            if isinstance(argument, Constant) or argument.name in bound:
                choices.append((term_of(argument, bound),))
            else:
                choices.append(self._values_of(declared.domain, atom))
        if len([None for values in choices if len(values) > 1]) and _count(choices) > MOST_ROWS:
            message = f"`{predicate.name}` has too many rows to list"
            raise Refused(Diagnostic("kern", message, atom.span, "bind more of its arguments by other conditions"))
        for row in product(*choices):
            further = self._bind(atom, row, bound)
            key, *rest = row
            if further is not None and isinstance(key, Key):
                fixed = tuple(one for one in rest if isinstance(one, str | int | Place))
                if len(fixed) == len(rest):
                    yield further, self._formulas.add(Listed(Cell(predicate.name, key, fixed), predicate.open))

    def _values_of(self, name: str, atom: Atom) -> Sequence[Term]:
        domain = self._vocabulary.domains[name]
        if domain.kind == "keuze":
            return domain.values
        if domain.kind == "entiteit":
            return (Key(name),)
        message = f"the number in `{atom.predicate}` is one of several of the case"
        raise Refused(Diagnostic("kern", message, atom.span, "declare the fact as single-valued"))

    def _bind(self, atom: Atom, row: Row, bound: Bound) -> Bound | None:
        further = bound
        for argument, value in zip(atom.arguments, row, strict=True):
            if isinstance(argument, Constant):
                continue
            if further.get(argument.name, value) != value:
                return None
            if argument.name not in further:
                further = {**further, argument.name: value}
        return further

    def _comparison(self, comparison: Comparison, bound: Bound) -> Iterator[tuple[Bound, int]]:
        left = comparison.left
        right = self._value(comparison.right, bound, comparison)
        if comparison.operator == "==" and not isinstance(left, Constant | Arithmetic) and left.name not in bound:
            yield {**bound, left.name: right}, TRUE
            return
        yield bound, self._compared(comparison, self._value(left, bound, comparison), right)

    def _compared(self, comparison: Comparison, left: Term, right: Term) -> int:
        operator = comparison.operator
        if operator in ("==", "!="):
            same = self._word_compared(comparison, left, right)
            return same if operator == "==" else self._formulas.negate(same)
        if not isinstance(left, int | Sum) or not isinstance(right, int | Sum):
            return FALSE
        difference = self._combined(left, right, -1, comparison)
        if operator in (">=", ">"):
            difference = combine(0, difference, -1)
        return self._formulas.at_most_zero(combine(difference, 1) if operator in ("<", ">") else difference)

    def _combined(self, left: int | Sum, right: int | Sum, factor: int, where: Comparison | Arithmetic) -> int | Sum:
        """Combine sums; refuse it where a number that may be unknown falls away, for an engine would leave it open."""
        found = combine(left, right, factor)
        kept = cells_of(found) if isinstance(found, Sum) else ()
        for side in (left, right):
            for cell in cells_of(side) if isinstance(side, Sum) else ():
                if cell not in kept and self._vocabulary.predicates[cell.predicate].open:
                    message = f"`{cell.predicate}` stands on both sides and falls away"
                    raise Refused(Diagnostic("kern", message, where.span, "compare it with something else"))
        return found

    def _word_compared(self, comparison: Comparison, left: Term, right: Term) -> int:
        """Equality. A word of the rule's own text tells classes apart; a word of the case is compared per flow."""
        if left == right:
            return TRUE
        if not isinstance(left, Place) and not isinstance(right, Place):
            return self._equal(left, right, comparison)
        written = isinstance(comparison.left, Constant) or isinstance(comparison.right, Constant)
        if written or (isinstance(left, Place) and isinstance(right, Place)):
            return TRUE if self._is_word(left, right) else FALSE
        place, word = (left, right) if isinstance(left, Place) else (right, left)
        assert isinstance(place, Place)
        return self._formulas.add(Same(place, word)) if isinstance(word, str | int) else FALSE

    def _value(self, expression: Expression, bound: Bound, where: Comparison) -> Term:
        if isinstance(expression, Arithmetic):
            left, right = (self._value(one, bound, where) for one in (expression.left, expression.right))
            return self._computed(expression, left, right)
        return term_of(expression, bound)

    def _computed(self, expression: Arithmetic, left: Term, right: Term) -> Term:
        if not isinstance(left, int | Sum) or not isinstance(right, int | Sum):
            raise Refused(Diagnostic("kern", "words cannot be calculated with", expression.span, "use a number"))
        match expression.operator:
            case "+" | "-":
                return self._combined(left, right, 1 if expression.operator == "+" else -1, expression)
            case "*" if isinstance(right, int):
                return combine(0, left, right)
            case "*" if isinstance(left, int):
                return combine(0, right, left)
            case "//" if isinstance(left, int) and isinstance(right, int) and right:
                return left // right
            case "//" if isinstance(left, Sum) and isinstance(right, int) and right and self._is_closed(left):
                quotient: Number = Quotient(left, right)
                return number(quotient)
        message = f"`{expression.operator}` of numbers that the case may leave unknown"
        help_line = "multiply or divide by a number of the law, and divide only what is never unknown"
        raise Refused(Diagnostic("kern", message, expression.span, help_line))

    def _is_closed(self, total: Sum) -> bool:
        return not any(self._vocabulary.predicates[cell.predicate].open for cell in cells_of(total))


def ordered(rule: Rule, program: Program, of_flow: Collection[str]) -> tuple[tuple[int, Literal], ...]:
    """A rule's body in evaluation order, each literal with its place in the text.

    Conditions on the flow come first: they bind the words of the signature, and every table and list is then tested
    instead of listed. A listed one would tell classes of signatures apart that the rule treats alike.
    """
    on_flow = [one for one in rule.body if isinstance(one, Positive) and base(one.atom.predicate) in of_flow]
    rest = [one for one in rule.body if not any(one is other for other in on_flow)]
    bound = {variable.name for one in on_flow for variable in atom_variables(one.atom)}
    waiting = list(enumerate(rule.body))
    found: list[tuple[int, Literal]] = []
    for literal in (*order_literals(on_flow, (), program.vocabulary), *order_literals(rest, bound, program.vocabulary)):
        pair = next(one for one in waiting if one[1] is literal)
        waiting.remove(pair)
        found.append(pair)
    return tuple(found)


def term_of(argument: Expression, bound: Bound) -> Term:
    assert not isinstance(argument, Arithmetic)
    return argument.value if isinstance(argument, Constant) else bound[argument.name]


def _count(choices: Sequence[Sequence[Term]]) -> int:
    total = 1
    for values in choices:
        total *= max(1, len(values))
    return total
