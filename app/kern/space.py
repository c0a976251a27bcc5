"""The space of all cases: the variables of a decision diagram for flows, facts, lists and numbers.

Goes in: ground programs. Comes out: per word, fact, row and interval a diagram, and the ones that are cases at all.
Must not know: formulas, or how a case is written as a question.

A fact has a bit "known" and bits for its value. A number has a bit "known"; each linear form of numbers has bits for
the interval between two thresholds in which it lies. Several programs share one space, so that they can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, reduce
from itertools import combinations
from typing import Final

from app.kern.cudd import Bdd, manager
from app.kern.every_flow import entry_cell
from app.kern.formula import AtMostZero, Given, Listed, OneOf
from app.kern.ground import Ground
from app.kern.linear import Form, Row, atom, feasible, sums_of
from app.kern.terms import Cell, Key, Number, Place, Quotient, Sum, cells_of
from app.lang.ast import Value
from app.lang.vocabulary import Vocabulary
from app.record import record

FIRST_DAY: Final = 1900_01_01
LAST_DAY: Final = 2100_12_31
"""The dates that a question can hold; the reader of questions refuses others."""


@record
class Choice:
    """A word: `cubes` per word, `valid` for the bits that are a word. `known`: None for a place of the signature."""

    known: str | None
    bits: tuple[str, ...]
    cubes: Mapping[Value, Bdd]
    valid: Bdd


@record
class Region:
    """A linear form: `edges` are the highest values of all intervals but the last; `cubes` per interval."""

    form: Form
    edges: tuple[int, ...]
    bits: tuple[str, ...]
    cubes: tuple[Bdd, ...]

    def interval(self, at: int, least: int, most: int) -> tuple[int, int]:
        """Return the least and the highest value of an interval, inside two bounds."""
        low = least if at == 0 else max(least, self.edges[at - 1] + 1)
        return low, most if at == len(self.edges) else min(most, self.edges[at])


class Space:
    """The variables of all cases that some ground programs speak of."""

    def __init__(self, grounds: Sequence[Ground]) -> None:
        self.bdd = manager()
        self.vocabulary: Vocabulary = grounds[0].program.vocabulary
        self.shape = grounds[0].shape
        self.places: dict[Place, Choice] = {}
        self.choices: dict[Cell, Choice] = {}
        self.numbers: dict[Cell, str] = {}
        self.regions: dict[Form, Region] = {}
        self.listed: dict[Cell, str] = {}
        self.lists: dict[tuple[str, Key], str] = {}
        self.entries: dict[Key, str] = {}
        self._declare(grounds)
        self.valid: Bdd = self._valid()

    def _declare(self, grounds: Sequence[Ground]) -> None:
        self._declare_places()
        totals: list[Sum] = []
        for ground in grounds:
            found = [node.total for node in ground.formulas.nodes if isinstance(node, AtMostZero)]
            totals += sums_of(ground, found)
            for node in ground.formulas.nodes:
                self._declare_leaf(node)
            for given in ground.derived.values():
                for one in given:
                    if isinstance(one.value, Sum):
                        self._declare_numbers(one.value)
        edges: dict[Form, set[int]] = {}
        for total in totals:
            self._declare_numbers(total)
            found_atom = atom(total)
            edges.setdefault(found_atom.form, set()).add(found_atom.bound)
        for form, bounds in edges.items():
            self._declare_region(form, bounds)

    def _declare_places(self) -> None:
        if self.shape.flow is None:
            return
        for at in range(2, len(self.vocabulary.predicates[self.shape.flow].arguments)):
            words = self.vocabulary.domain_of(self.shape.flow, at).values
            bits, cubes = self._coded(f"@{at - 2}", len(words))
            self.places[Place(at - 2)] = Choice(None, bits, dict(zip(words, cubes, strict=True)), self.any(cubes))

    def _declare_leaf(self, node: object) -> None:
        match node:
            case OneOf(cell, _):
                self._declare_choice(cell)
            case Given(cell):
                self.numbers.setdefault(cell, self._bit(f"{_name(cell)} known"))
            case AtMostZero(total):
                self._declare_numbers(total)
            case Listed(cell, is_open):
                self._declare_row(cell, is_open)

    def _declare_choice(self, cell: Cell) -> None:
        if cell not in self.choices:
            words = self.vocabulary.domain_of(cell.predicate, 1).values
            known = self._bit(f"{_name(cell)} known")
            bits, cubes = self._coded(_name(cell), len(words))
            self.choices[cell] = Choice(known, bits, dict(zip(words, cubes, strict=True)), self.any(cubes))

    def _declare_numbers(self, total: Sum) -> None:
        for cell in cells_of(total):
            if cell not in self.numbers:
                self.numbers[cell] = self._bit(f"{_name(cell)} known")

    def _declare_row(self, cell: Cell, is_open: bool) -> None:
        if cell in self.listed:
            return
        if cell == entry_cell(cell.predicate, cell.key) and cell.predicate in self.shape.entries.values():
            self.entries[cell.key] = _name(cell)
        elif is_open and (cell.predicate, cell.key) not in self.lists:
            self.lists[cell.predicate, cell.key] = self._bit(f"{cell.predicate}({_thing(cell.key)}) known")
        self.listed[cell] = self._bit(_name(cell))

    def _declare_region(self, form: Form, bounds: Iterable[int]) -> None:
        least, most = self.bounds_of(form)
        edges = tuple(sorted(bound for bound in set(bounds) if least <= bound < most))
        name = _sum_name(Sum(form.terms))
        bits, cubes = self._coded(name, len(edges) + 1)
        self.regions[form] = Region(form, edges, bits, cubes)

    def _bit(self, name: str) -> str:
        if name not in self.bdd.vars:
            self.bdd.declare(name)
        return name

    def _coded(self, name: str, count: int) -> tuple[tuple[str, ...], tuple[Bdd, ...]]:
        """Declare the bits of a number from 0 to `count`, and return a cube for each."""
        bits = tuple(self._bit(f"{name}.{at}") for at in range((count - 1).bit_length()))
        cubes = [self.bdd.cube({bit: bool(one >> at & 1) for at, bit in enumerate(bits)}) for one in range(count)]
        return bits, tuple(cubes)

    def bounds(self, cell: Cell) -> tuple[int, int]:
        """Return the least and the highest value a number can have."""
        domain = self.vocabulary.domain_of(
            cell.predicate, len(self.vocabulary.predicates[cell.predicate].arguments) - 1
        )
        low = FIRST_DAY if domain.minimum is None else domain.minimum
        return low, LAST_DAY if domain.maximum is None else domain.maximum

    def bounds_of(self, form: Form) -> tuple[int, int]:
        """Return the least and the highest value a form can have."""
        return self._bounds_of_sum(Sum(form.terms))

    def _bounds_of_sum(self, total: Sum) -> tuple[int, int]:
        ends = [sorted(factor * one for one in self._bounds_of_number(number)) for number, factor in total.terms]
        return total.constant + sum(end[0] for end in ends), total.constant + sum(end[1] for end in ends)

    def _bounds_of_number(self, one: Number) -> tuple[int, int]:
        if isinstance(one, Cell):
            return self.bounds(one)
        least, most = self._bounds_of_sum(one.dividend)
        return least // one.divisor, most // one.divisor

    # ── Which assignments are cases ──

    def _valid(self) -> Bdd:
        """The assignments that are a flow and a case, whether or not the case contradicts itself."""
        parts = [one.valid for one in (*self.places.values(), *self.choices.values())]
        parts += [self.fit(forms) for forms in self._families()]
        parts += self._links()
        parts += [*self._clocks(), *self._never_said(), *self._entries_in_order(), *self._apart()]
        return self.all(parts)

    def is_clock(self, cell: Cell) -> bool:
        """Whether a number is the day whose law applies: every case has one."""
        return self.vocabulary.predicates[cell.predicate].clock == "peildatum"

    def is_date(self, cell: Cell) -> bool:
        """Whether a number is a date."""
        return self.vocabulary.domain_of(cell.predicate, 1).kind == "datum"

    def is_open(self, cell: Cell) -> bool:
        """Whether a fact that nobody stated is unknown."""
        return self.vocabulary.predicates[cell.predicate].open

    def _clocks(self) -> list[Bdd]:
        return [self.bdd.var(name) for cell, name in self.numbers.items() if self.is_clock(cell)]

    def _never_said(self) -> list[Bdd]:
        """A fact that is answered by an entry in a list of its own, such as a new consent, is never known by itself.

        And no row of a list has a word that its field cannot hold.
        """
        paths = {field.path for field in self.vocabulary.fields}
        names = {field.predicate for field in self.vocabulary.fields if f"{field.path}[]" in paths}
        never = [
            ~self.bdd.var(one.known) for cell, one in self.choices.items() if one.known and cell.predicate in names
        ]
        without = {field.predicate: field.without for field in self.vocabulary.fields if field.without}
        for cell, name in self.listed.items():
            barred = [self.same(one, word) for one in cell.rest for word in without.get(cell.predicate, ())]
            never += [~(self.bdd.var(name) & cases) for cases in barred]
        return never

    def _apart(self) -> Iterator[Bdd]:
        """Who gives and who gets, two words of one domain, are not the same."""
        for one, other in combinations(self.places, 2):
            if self.places[one].cubes.keys() == self.places[other].cubes.keys():
                yield ~self.same(one, other)

    def signatures(self) -> int:
        """Count the flows: who gives, who gets, the item, the purpose."""
        flows = self.all((*(one.valid for one in self.places.values()), *self._apart()))
        return int(self.bdd.count(flows, sum(len(one.bits) for one in self.places.values())))

    def _families(self) -> list[list[Form]]:
        """Group the forms that share a number, directly or through another form."""
        families: list[list[Form]] = []
        for form in sorted(self.regions, key=lambda one: len(one.terms)):
            cells = set(form.cells)
            near = [one for one in families if any(cells & set(other.cells) for other in one)]
            families = [one for one in families if one not in near]
            families.append([*(other for one in near for other in one), form])
        return families

    def fit(self, forms: Sequence[Form]) -> Bdd:
        """The combinations of intervals of forms that share numbers, in which some numbers lie together.

        Numbers that are unknown have all values, so an interval of an unknown form excludes nothing.
        """
        if len(forms) < 2:
            return self.any(self.regions[forms[0]].cubes)
        cells = [cell for form in forms for cell in form.cells]
        numbers: tuple[Number, ...] = tuple(dict.fromkeys((*cells, *(one for form in forms for one in form.quotients))))
        rows: list[Row] = []
        for at, one in enumerate(numbers):
            least, most = self._bounds_of_number(one)
            unit = tuple(int(at == other) for other in range(len(numbers)))
            rows += [(unit, most), (tuple(-factor for factor in unit), -least)]
            if isinstance(one, Quotient):  # divisor * quotient <= dividend < divisor * (quotient + 1)
                factors = dict(one.dividend.terms)
                under = tuple(one.divisor * unit[other] - factors.get(of, 0) for other, of in enumerate(numbers))
                over = tuple(-factor for factor in under)
                rows += [(under, one.dividend.constant), (over, one.divisor - 1 - one.dividend.constant)]
        return self._fit(tuple(forms), numbers, rows)

    def _fit(self, forms: tuple[Form, ...], cells: tuple[Number, ...], rows: list[Row]) -> Bdd:
        if not forms:
            return self.bdd.true
        region = self.regions[forms[0]]
        factors = dict(region.form.terms)
        vector = tuple(factors.get(cell, 0) for cell in cells)
        opposite = tuple(-one for one in vector)
        found = self.bdd.false
        least, most = self.bounds_of(region.form)
        for at, cube in enumerate(region.cubes):
            low, high = region.interval(at, least, most)
            narrowed = [*rows, (vector, high), (opposite, -low)]
            if feasible(narrowed):
                found |= cube & self._fit(forms[1:], cells, narrowed)
        return found

    def _links(self) -> Iterator[Bdd]:
        """Rows of a list that are one row for some signatures are there together."""
        for one, other in combinations(self.listed, 2):
            if (one.predicate, one.key, len(one.rest)) == (other.predicate, other.key, len(other.rest)):
                same = self.all(self.same(a, b) for a, b in zip(one.rest, other.rest, strict=True))
                alike = self.bdd.apply("equiv", self.bdd.var(self.listed[one]), self.bdd.var(self.listed[other]))
                if same != self.bdd.false:
                    yield ~same | alike

    def _entries_in_order(self) -> Iterator[Bdd]:
        """A second entry is there only beside a first: which is which does not matter."""
        for key, name in self.entries.items():
            before = self.entries.get(Key(key.domain, key.number - 1))
            if before is not None:
                yield self.bdd.var(before) | ~self.bdd.var(name)

    def same(self, one: Value | Place, other: Value | Place) -> Bdd:
        """The signatures in which two words are the same."""
        if not isinstance(one, Place):
            one, other = other, one
        if not isinstance(one, Place):
            return self.bdd.true if one == other else self.bdd.false
        if not isinstance(other, Place):
            return self.places[one].cubes.get(other, self.bdd.false)
        words = self.places[other].cubes
        return self.any(cube & words[word] for word, cube in self.places[one].cubes.items() if word in words)

    # ── Counting, and choosing the most complete and the least ──

    @cached_property
    def canonical(self) -> tuple[Bdd, ...]:
        """The assignments that are a flow and a case, each once: those in all of these; unused bits are 0."""
        parts = [self._zero_unless(one.known, one.bits, one.valid) for one in self.choices.values() if one.known]
        parts += [one.valid for one in self.places.values()]
        parts += [self._fit_of_known(family) for family in self._families()]
        parts += [self._zero_unless(known, self._rows_of(*where), self.bdd.true) for where, known in self.lists.items()]
        parts += [self._zero_unless(there, self._bits_of(key), self.bdd.true) for key, there in self.entries.items()]
        return (*parts, *self._links(), *self._clocks(), *self._never_said(), *self._entries_in_order(), *self._apart())

    def _fit_of_known(self, family: Sequence[Form]) -> Bdd:
        found = self.fit(family)
        for cell in dict.fromkeys(cell for form in family for cell in form.cells):
            bits = [bit for form in family if cell in form.cells for bit in self.regions[form].bits]
            found = self._zero_unless(self.numbers[cell], bits, found)
        return found

    def _rows_of(self, predicate: str, key: Key) -> list[str]:
        return [name for cell, name in self.listed.items() if (cell.predicate, cell.key) == (predicate, key)]

    def _bits_of(self, key: Key) -> list[str]:
        """The bits of what is said of one recorded entry."""
        of_key = [one for cell, one in self.choices.items() if cell.key == key]
        return [*(one.known for one in of_key if one.known), *(bit for one in of_key for bit in one.bits)]

    def _zero_unless(self, known: str | None, bits: Sequence[str], cases: Bdd) -> Bdd:
        assert known is not None
        zero = self.bdd.cube(dict.fromkeys(bits, False))
        return (self.bdd.var(known) & cases) | (~self.bdd.var(known) & zero & self.bdd.exist(bits, cases))

    def count(self, *refused: Bdd) -> int:
        """Count the cases outside some sets: by groups of conditions that share variables, so diagrams stay small."""
        total, free = 1, len(self.bdd.vars)
        for conditions in _sharing(
            [(one, self.bdd.support(one)) for one in (*self.canonical, *(~one for one in refused))]
        ):
            together = self.all(one for one, _ in conditions)
            bits = frozenset().union(*(support for _, support in conditions))
            total *= int(self.bdd.count(together, len(bits)))
            free -= len(bits)
        return total << free

    def open_bits(self) -> dict[str, tuple[str, Key]]:
        """Return per "known" bit of an open fact or list its predicate and key."""
        found = {one.known: (cell.predicate, cell.key) for cell, one in self.choices.items() if one.known}
        found |= {known: (cell.predicate, cell.key) for cell, known in self.numbers.items()}
        found |= {known: where for where, known in self.lists.items()}
        return {known: where for known, where in found.items() if self.vocabulary.predicates[where[0]].open}

    def all(self, parts: Iterable[Bdd]) -> Bdd:
        """The conjunction of diagrams."""
        return reduce(lambda one, other: one & other, parts, self.bdd.true)

    def any(self, parts: Iterable[Bdd]) -> Bdd:
        """The disjunction of diagrams."""
        return reduce(lambda one, other: one | other, parts, self.bdd.false)


def _thing(key: Key) -> str:
    return f"{key.domain}#{key.number}" if key.number else key.domain


def _name(cell: Cell) -> str:
    rest = "".join(f", {f'@{one.position}' if isinstance(one, Place) else one}" for one in cell.rest)
    return f"{cell.predicate}({_thing(cell.key)}{rest})"


def _sum_name(total: Sum) -> str:
    parts = [
        f"{factor}*{_name(one) if isinstance(one, Cell) else f'({_sum_name(one.dividend)}) // {one.divisor}'}"
        for one, factor in total.terms
    ]
    return " + ".join([*parts, str(total.constant)] if total.constant else parts)


def _sharing(conditions: Sequence[tuple[Bdd, Set[str]]]) -> list[list[tuple[Bdd, Set[str]]]]:
    """Group conditions that share a variable, directly or through others."""
    groups: list[list[tuple[Bdd, Set[str]]]] = []
    for condition in conditions:
        near = [group for group in groups if any(condition[1] & support for _, support in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(one for group in near for one in group), condition])
    return groups
