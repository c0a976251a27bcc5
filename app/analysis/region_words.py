"""Regions in plain Dutch: one condition per fact, in the words of the vocabulary.

Goes in: a `Region` and the space it lies in. Comes out: its conditions as texts. Must not know: any fact by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.advice.law.texts import listing
from app.analysis.regions import Axis, Region, State
from app.kern.linear import Form
from app.kern.space import Space
from app.kern.terms import Cell, Key, Number, Place, Sum
from app.lang.vocabulary import Predicate

YEAR: Final = 10000
"""One year between two dates that are written as yyyymmdd."""
PLACES: Final = ("deze verstrekker", "deze ontvanger", "dit gegeven", "dit doel")
"""The words of a flow, where a region holds for several flows."""


def conditions(region: Region, space: Space) -> tuple[str, ...]:
    """Write a region as conditions, those of the young person first."""
    writer = _Writer(space)
    known = {axis.of for axis, states in region.items() if axis.kind == "given" and states == (True,)}
    told = {cell for axis in region if isinstance(axis.of, Form) for cell in axis.of.cells}
    shown = [axis for axis in region if not (axis.kind == "given" and axis.of in known & told)]
    order = sorted(shown, key=lambda axis: writer.place(axis))
    return tuple(text for axis in order for text in writer.condition(axis, region[axis]))


class _Writer:
    def __init__(self, space: Space) -> None:
        self._space = space
        self._vocabulary = space.vocabulary
        self._order = {field.predicate: at for at, field in enumerate(space.vocabulary.fields) if field.predicate}

    def place(self, axis: Axis) -> tuple[int, str]:
        """Where a fact stands in the question."""
        match axis.of:
            case Form():
                first = max(axis.of.cells, key=lambda cell: not self._space.is_clock(cell))
                return self._order.get(first.predicate, 0), str(axis.of)
            case Key():
                return self._order.get(self._space.shape.entries[axis.of.domain], 0), str(axis.of)
            case Cell():
                return self._order.get(axis.of.predicate, 0), str(axis.of)
        return self._order.get(axis.of[0], 0), str(axis.of)

    def condition(self, axis: Axis, states: Sequence[State]) -> Iterator[str]:
        """Write one condition."""
        match axis.kind, axis.of:
            case "word", Cell() as cell:
                yield self._of_entry(cell.key) + self._word(cell, states)
            case "number", Form() as form:
                yield from self._number(form, [int(state) for state in states if state is not None])
            case "given", Cell() as cell:
                unsaid = self._unsaid(self._predicate(cell))
                yield self._of_entry(cell.key) + (
                    f"bekend is {unsaid}" if states == (True,) else f"niet bekend is {unsaid}"
                )
            case "row", Cell() as cell:
                yield self._row(cell, states == (True,))
            case "entry", Key() as key:
                predicate = self._vocabulary.predicates[self._space.shape.entries[key.domain]]
                text = predicate.sentence if states == (True,) else predicate.negated
                yield self._of_entry(key) + _filled(text, predicate, ("", "", *PLACES))
            case _, (str() as name, Key()):
                unsaid = self._unsaid(self._vocabulary.predicates[name])
                yield f"bekend is {unsaid}" if states == (True,) else f"niet bekend is {unsaid}"

    def _predicate(self, cell: Cell) -> Predicate:
        return self._vocabulary.predicates[cell.predicate]

    def _of_entry(self, key: Key) -> str:
        """Tell a second recorded entry from the first."""
        return "van een tweede: " if key in self._space.entries and key.number else ""

    def _word(self, cell: Cell, states: Sequence[State]) -> str:
        predicate, domain = self._predicate(cell), self._vocabulary.domain_of(cell.predicate, 1)
        words = [state for state in states if state is not None]
        unknown = None in states
        if unknown and not self._space.is_open(cell):
            # What nobody states of a closed fact counts as not so; its denial says exactly that.
            words = [word for word in words if word != "nee"]
            texts = [
                predicate.sentences["nee"]
                if predicate.sentences and "nee" in predicate.sentences
                else predicate.negated
            ]
            return listing([*texts, *self._sentences(predicate, words)], "of")
        texts = [f"niet bekend is {self._unsaid(predicate)}"] if unknown else []
        left = [word for word in domain.values if word not in words]
        if not predicate.sentences and len(left) < len(words) and not unknown:
            labels = [self._vocabulary.label(domain.name, word) for word in left]
            return f"niet: {_with(predicate, listing(labels, 'of'))}"
        return listing([*texts, *self._sentences(predicate, words)], "of")

    def _sentences(self, predicate: Predicate, words: Sequence[State]) -> list[str]:
        if predicate.sentences:
            return [predicate.sentences.get(str(word), str(word)) for word in words]
        domain = predicate.arguments[1].domain
        labels = [self._vocabulary.label(domain, str(word)) for word in words]
        return [_with(predicate, listing(labels, "of"))] if labels else []

    def _unsaid(self, predicate: Predicate) -> str:
        """A clause for what is not known: "hoe oud de jongere is", "of de jongere werk heeft"."""
        if predicate.unsaid:
            return predicate.unsaid
        sentence = predicate.sentences.get("ja") if predicate.sentences else None
        if sentence:
            return f"of dit zo is: {sentence}"
        field = next((one for one in self._vocabulary.fields if one.predicate == predicate.name), None)
        return f"dit: {field.description[:1].lower()}{field.description[1:].rstrip('.')}" if field else predicate.name

    def _row(self, cell: Cell, holds: bool) -> str:
        predicate = self._predicate(cell)
        domains = [one.domain for one in predicate.arguments[1:]]
        labels = [
            PLACES[word.position] if isinstance(word, Place) else self._vocabulary.label(domain, word)
            for word, domain in zip(cell.rest, domains, strict=True)
        ]
        return _filled(predicate.sentence if holds else predicate.negated, predicate, ("", *labels))

    # ── Numbers and dates ──

    def _number(self, form: Form, intervals: Sequence[int]) -> Iterator[str]:
        region = self._space.regions[form]
        least, most = self._space.bounds_of(form)
        spans = [
            (region.interval(run[0], least, most)[0], region.interval(run[-1], least, most)[1])
            for run in _joined(intervals)
        ]
        yield listing([self._span(form, span, (least, most)) for span in spans], "of")

    def _span(self, form: Form, span: tuple[int, int], bounds: tuple[int, int]) -> str:
        (cell, factor), *more = form.terms
        if not more and factor == 1 and isinstance(cell, Cell):
            return _with(self._predicate(cell), _between(span, bounds))
        apart = self._apart(form, span, bounds)
        return apart or f"{self._sum(form)} is {_between(span, bounds)}"

    def _apart(self, form: Form, span: tuple[int, int], bounds: tuple[int, int]) -> str:
        """How far the day of the question lies from another date, in whole years; "" where that cannot be said."""
        if len(form.terms) != 2 or form.quotients or not all(self._space.is_date(cell) for cell in form.cells):
            return ""
        terms = [(one, factor) for one, factor in form.terms if isinstance(one, Cell)]
        later = next((cell for cell, factor in terms if factor == 1), None)
        sooner = next((cell for cell, factor in terms if factor == -1), None)
        if later is None or sooner is None:
            return ""
        low, high = span
        if self._space.is_clock(sooner):  # the other date minus the day: told the other way round
            later, sooner, low, high = sooner, later, -high, -low
            bounds = (-bounds[1], -bounds[0])
        texts = _distance(low if low > bounds[0] else None, high if high < bounds[1] else None)
        return f"{self._name(later)} is {texts} {self._name(sooner)}" if texts else ""

    def _name(self, cell: Cell) -> str:
        """A noun for a number: the sentence of its fact up to the number."""
        predicate = self._predicate(cell)
        head = predicate.sentence.split("{", 1)[0].strip()
        return head.removesuffix(":").removesuffix(" is")

    def _sum(self, form: Form) -> str:
        return self._total(Sum(form.terms))

    def _total(self, total: Sum) -> str:
        parts: list[str] = []
        for one, factor in total.terms:
            times = "" if abs(factor) == 1 else f"{abs(factor)} × "
            sign = "min " if factor < 0 else "plus " if parts else ""
            parts.append(f"{sign}{times}{self._one_number(one)}")
        if total.constant:
            parts.append(f"{'min' if total.constant < 0 else 'plus'} {abs(total.constant)}")
        return " ".join(parts)

    def _one_number(self, one: Number) -> str:
        if isinstance(one, Cell):
            return f"{self._name(one)} (als getal JJJJMMDD)" if self._space.is_date(one) else self._name(one)
        return f"het hele deel van ({self._total(one.dividend)}) gedeeld door {one.divisor}"


def _joined(intervals: Sequence[int]) -> list[list[int]]:
    """Join intervals that lie side by side."""
    runs: list[list[int]] = []
    for at in sorted(intervals):
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _between(span: tuple[int, int], bounds: tuple[int, int]) -> str:
    low, high = span
    if low == high:
        return f"precies {low}"
    if low <= bounds[0]:
        return f"hoogstens {high}"
    return f"minstens {low}" if high >= bounds[1] else f"{low} tot en met {high}"


def _distance(low: int | None, high: int | None) -> str:
    """Say how long after another date a date is, from the least and the highest difference as yyyymmdd.

    >>> _distance(10000, 10000), _distance(None, 10000), _distance(10001, None)
    ('precies 1 jaar na', 'hoogstens 1 jaar na', 'langer dan 1 jaar na')
    """
    if low is not None and low == high:
        return "gelijk aan" if low == 0 else f"precies {low // YEAR} jaar na" if low > 0 and low % YEAR == 0 else ""
    least = _least(low)
    most = _highest(high)
    if least is None or most is None:
        return ""
    if least and most:
        return f"{least}, en {most}" if low in (0, 1) else f"{least} en {most}"
    return least or most


def _least(low: int | None) -> str | None:
    """The words of a least difference; None where it is no number of years."""
    if low is None:
        return ""
    if low in (0, 1):
        return "op of na" if low == 0 else "na"
    if low > 0 and low % YEAR == 0:
        return f"minstens {low // YEAR} jaar na"
    return f"langer dan {low // YEAR} jaar na" if low > 0 and low % YEAR == 1 else None


def _highest(high: int | None) -> str | None:
    """The words of a highest difference; None where it is no number of years."""
    if high is None:
        return ""
    if high in (0, -1):
        return "op of voor" if high == 0 else "voor"
    if high > 0 and high % YEAR == 0:
        return f"hoogstens {high // YEAR} jaar na"
    return f"korter dan {(high + 1) // YEAR} jaar na" if high > 0 and (high + 1) % YEAR == 0 else None


def _with(predicate: Predicate, text: str) -> str:
    """The sentence of a fact with a text in place of its value."""
    return _filled(predicate.sentence, predicate, ("", text))


def _filled(text: str, predicate: Predicate, values: Sequence[str]) -> str:
    for argument, value in zip(predicate.arguments, values, strict=False):
        text = text.replace(f"{{{argument.name}}}", value)
    return text
