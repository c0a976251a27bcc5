"""A whole part of a division in a sum that no form without it can say, such as the end of a school year."""

from __future__ import annotations

from app.kern.diagram import Diagram
from app.kern.example import Example, assignment, example
from app.kern.linear import amount, atom, readings
from app.kern.space import Space
from app.kern.terms import Cell, Key, Quotient, Sum, number
from tests.unit.kern.small import small_ground

TENS = """
# norm: N-1
# bron: SD 1
# uitleg: Dit volgt.
donker(Zaak) <= gesloten_jaren(Zaak, Jaren) & (Tien == Jaren // 10 * 10) & (Jaren >= Tien + 3) & (Jaren >= 18)
"""
AGE = Cell("jaren", Key("zaak"))
TEN = Quotient(number(AGE), 10)


def test_a_quotient_that_stands_alone_is_said_without_it() -> None:
    (reading,) = readings(Sum(((TEN, 1),), -2), {})
    assert reading.total == Sum(((AGE, 1),), -29)  # age // 10 <= 2 is age <= 29


def test_a_quotient_times_a_number_stays_in_the_form() -> None:
    total = Sum(((AGE, -1), (TEN, 10)), 3)
    (reading,) = readings(total, {})
    assert reading.total == total
    form = atom(total).form
    assert form.quotients == (TEN,)
    assert form.cells == (AGE,)
    assert [abs(form.of({AGE: age})) for age in (20, 23, 29)] == [0, 3, 9]


def test_a_sum_is_worked_out_with_the_whole_part() -> None:
    assert amount(Sum(((TEN, 10),), 1), {AGE: 37}) == 31


def test_a_diagram_with_a_quotient_says_of_every_number_what_the_rule_says() -> None:
    law = small_ground(TENS)
    space = Space([law])
    (pair,) = [Diagram(law, space).pair(node) for node in law.relations["donker"].rows.values()]
    (cell,) = [one for one in space.numbers if one.predicate == "gesloten_jaren"]
    for age in range(121):
        bits = assignment(space, Example(("school", "gemeente"), {}, {cell: age}, {}, {}))
        held = space.bdd.let(bits, pair.certain & space.valid) == space.bdd.true
        assert held is (age >= 18 and age % 10 >= 3), age
    found = example(space, pair.certain, (0, 0))
    assert found is not None
    assert found.numbers[cell] % 10 >= 3
