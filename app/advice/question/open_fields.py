"""Answers to open facts: where they stand in the question, what would be right, and filling them in.

Goes in: an open fact (a predicate and a key) with the values that help. Comes out: the `Ontbrekend` a
caller reads, the rows the rules would see, and a casus with the answer in it.
Must not know: why an answer helps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final, Literal, cast

from app.advice import dates
from app.advice.advies import Bereik, Json, Ontbrekend, WachtOp
from app.advice.question.casus import Casus, Flow
from app.advice.question.form import YES_NO, Form
from app.engine.facts import FactSet, Row
from app.kern.accepted import Allowed, Choice, Entries, EntryRow, Interval, Item
from app.kern.boxes import Box
from app.kern.terms import Place
from app.lang.ast import Value
from app.lang.vocabulary import Domain, InputField

HEAVIEST_FIRST: Final[tuple[WachtOp, ...]] = ("toestemming", "handeling", "feit", "afweging")
JA_NEE: Mapping[Value, bool] = {"ja": True, "nee": False}


Holds = Callable[[str, str], bool]
"""Whether a predicate can hold of a flow, by the flow's key."""


class OpenFields:
    """The open places of one question, with the words to ask for them."""

    def __init__(
        self, form: Form, flows: Sequence[Flow], holds: Holds | None = None, facts: FactSet | None = None
    ) -> None:
        """`holds`: says of which flows the stricter questions and entries are; without it, of all.

        `facts`: of the case, on which it depends who is asked; without them the question names everyone.
        """
        self.form = form
        self._facts = facts
        self._can_hold = holds
        self.flows = {flow.key: flow for flow in flows}

    def _holds(self, predicate: str, flow: str) -> bool:
        return self._can_hold is None or self._can_hold(predicate, flow)

    def order(self, item: Item) -> tuple[int, str]:
        """The place of an item in vocabulary order."""
        return self.form.fields[item[0]][0], str(item[1])

    def value_order(self, item: Item, allowed: Allowed) -> tuple[int, ...]:
        """The place of accepted values in vocabulary order."""
        match allowed:
            case Choice(values):
                words = self.form.vocabulary.domain_of(item[0], 1).values
                return tuple([at for at, word in enumerate(words) if word in values])
            case Interval(low, high):
                return (-1 if low is None else low, dates.LAST if high is None else high)
            case Entries(held, barred):
                return len(held), len(barred)

    def is_exception(self, item: Item) -> bool:
        """Whether an item is a closed fact whose assertion opens an exceptional way."""
        return self.form.fields[item[0]][1].exception

    def waits_for(self, box: Box) -> WachtOp | None:
        """The heaviest kind of answer that a box asks for; None for an empty one."""
        kinds = {self._kind(item) for item in box}
        return next((kind for kind in HEAVIEST_FIRST if kind in kinds), None)

    def _kind(self, item: Item) -> WachtOp:
        field = self.form.fields[item[0]][1]
        return cast(WachtOp, field.waits or ("handeling" if field.action else "feit"))

    def is_act(self, item: Item) -> bool:
        """Whether answering takes an act (a handeling) rather than looking something up."""
        return self.form.fields[item[0]][1].action

    def path(self, item: Item) -> str:
        """Where the item stands in the question's JSON."""
        predicate, key = item
        path = self.form.fields[predicate][1].path
        if path.endswith("[]"):
            return path[:-2]
        flow = self.flows.get(str(key))
        if flow is not None:
            place = "" if flow.index is None else str(flow.index)
            own = "" if flow.index is None else f".{flow.gegeven}"
            return path.replace("[]", f"[{place}]", 1).replace("{}", own)
        if "[]" in path:
            return path.replace("[]", f"[{_own_number(str(key))}]", 1)
        return path

    def places(self, items: Iterable[Item]) -> tuple[str, ...]:
        """Where some facts stand in the question, in vocabulary order; what no caller is asked for is left out."""
        asked = sorted((item for item in items if self.is_asked(item[0])), key=self.order)
        return tuple(dict.fromkeys([self.path(item) for item in asked]))

    def is_asked(self, predicate: str) -> bool:
        """Whether a predicate is what a caller says of the case: not which flows are proposed, nor the day."""
        form = self.form
        return predicate in form.fields and predicate not in (form.proposed.predicate, form.day)

    def ontbrekend(self, box: Box) -> tuple[Ontbrekend, ...]:
        """Write the answers that help: exceptions to assert, then facts, then acts; each in vocabulary order."""
        return tuple([self._line(item, box) for item in self._in_order(box)])

    def _in_order(self, box: Box) -> Iterable[Item]:
        if len(box) < 2:
            return box
        return sorted(box, key=lambda item: (not self.is_exception(item), self.is_act(item), *self.order(item)))

    def _line(self, item: Item, box: Box) -> Ontbrekend:
        field, allowed = self.form.fields[item[0]][1], box[item]
        kind: Literal["feit", "handeling"] = "handeling" if field.action else "feit"
        return Ontbrekend(self.path(item), kind, self._favourable(item, allowed), self._question(item, box, field))

    def _question(self, item: Item, box: Box, field: InputField) -> str:
        """The question for the words that help, with what is asked of this flow besides."""
        question, allowed = field.question, box[item]
        if field.question_if_rests_on:
            question = field.question_if.get(self._said(field.question_if_rests_on, item[1]), question)
        is_decided = all(predicate != field.question_rests_on for predicate, _ in box)
        if is_decided and isinstance(allowed, Choice) and len(allowed.values) == 1:
            (word,) = allowed.values
            question = field.question_per.get(str(word), question)
        further = [text for predicate, text in field.question_when.items() if self._holds(predicate, str(item[1]))]
        return " ".join((question, *further))

    def _said(self, predicate: str, key: Value) -> str:
        """The word of a fact of the case; "" while it is open, "nee" where it is closed and nobody stated it."""
        if self._facts is None:
            return ""
        said = [str(row[1]) for row in self._facts.known.get(predicate, ()) if row[0] == key]
        return said[0] if said else "" if self.form.vocabulary.predicates[predicate].open else "nee"

    def _favourable(self, item: Item, allowed: Allowed) -> tuple[Json, ...] | Bereik:
        domain = self.form.vocabulary.domain_of(item[0], 1)
        if isinstance(allowed, Choice):
            words = [word for word in domain.values if word in allowed.values]
            if item[0] in self.form.per_flow:
                return self._new_entries(self.flows[str(item[1])], item[0], words[0])
            return tuple([JA_NEE[word] for word in words] if domain.name == YES_NO else words)
        if isinstance(allowed, Entries):
            rows = _helpful(self.form.words(item[0]), allowed.held, allowed.barred)
            return tuple([self._entry(item[0], row) for row in rows])
        low, high = allowed
        if domain.kind == "datum":
            return Bereik(low and dates.iso(low), high and dates.iso(high))
        return Bereik(low, high)

    def _entry(self, predicate: str, row: Row) -> Json:
        """One entry of a list, as JSON."""
        names = [name for name in self.form.fields[predicate][1].arguments if name != "casus"]
        return row[0] if names == ["zelf"] else dict(zip(names, row, strict=True))

    def _new_entries(self, flow: Flow, predicate: str, who: str) -> tuple[Json, ...]:
        """The new entries that a word for who decides stands for: one, or one of each where several decide together."""
        path = self.form.fields[predicate][1].path
        names = {f"{path}[].{blank.name}" for blank in self.form.per_flow[predicate] if blank.says == "wie"}
        domain = next(field.domain for field in self.form.vocabulary.fields if field.path in names)
        people = self.form.vocabulary.domains[domain].values
        return tuple(self._new_entry(flow, predicate, one) for one in (people if who not in people else (who,)))

    def _new_entry(self, flow: Flow, predicate: str, who: str) -> Json:
        """A complete new entry for exactly this flow, every requirement met."""
        entry: dict[str, Json] = {}
        for blank in self.form.per_flow[predicate]:
            if blank.when and not self._holds(blank.when, flow.key):
                continue
            match blank.says:
                case "wie":
                    entry[blank.name] = who
                case "gegeven":
                    entry[blank.name] = [flow.gegeven]
                case "stroom":
                    entry[blank.name] = getattr(flow, blank.name)
                case fixed:
                    entry[blank.name] = fixed
        return entry


def _own_number(key: str) -> str:
    return key.rpartition(".")[2].lstrip("abcdefghijklmnopqrstuvwxyz")


def _helpful(words: Iterable[str], held: frozenset[EntryRow], barred: frozenset[EntryRow]) -> Iterable[Row]:
    """The entries to add: those that must be there, else all that may. The rows hold words only, no places."""
    if held or not barred:
        return sorted((tuple(word for word in row if not isinstance(word, Place)) for row in held), key=str)
    return [(word,) for word in words if (word,) not in barred]


def possible(domain: Domain, allowed: Allowed) -> Value | None:
    """Pick one allowed value of a single-valued item; None when there is none."""
    match allowed:
        case Interval(low, high):
            if low is not None:
                return low
            return high if high is not None else domain.minimum
        case Choice(values):
            return next((word for word in domain.values if word in values), None)
        case Entries():
            return None


def complete(facts: FactSet, box: Box, form: Form) -> FactSet:
    """State the answers of a box (one value for each item) as facts beside those known."""
    known: dict[str, tuple[Row, ...]] = {}
    unknown: dict[str, tuple[Value, ...]] = {}
    for (predicate, key), allowed in box.items():
        left = unknown[predicate] if predicate in unknown else facts.unknown.get(predicate, ())
        unknown[predicate] = tuple([other for other in left if other != key])
        domain = form.vocabulary.domain_of(predicate, 1)
        rows: tuple[Row, ...] = ()
        if isinstance(allowed, Entries):
            rows = tuple((key, *row) for row in _helpful(form.words(predicate), allowed.held, allowed.barred))
        elif (value := possible(domain, allowed)) is not None:
            rows = ((key, value),)
        said = known[predicate] if predicate in known else facts.known.get(predicate, ())
        known[predicate] = said + rows
    return facts.revise(known, unknown)


def fill(casus: Casus, answers: Iterable[Ontbrekend], form: Form, last: bool = False) -> Casus:
    """Fill favourable answers into a casus: of each the first accepted value, or the last."""
    data: Any = deepcopy(dict(casus.data))
    lists = {field.path[:-2]: field for field in form.vocabulary.fields if field.path.endswith("[]")}
    for answer in answers:
        target: Any = data
        *parents, leaf = answer.feit.split(".")
        for segment in parents:
            name, bracket, index = segment.partition("[")
            target = target[name][int(index[:-1])] if bracket else target.setdefault(name, {})
        if answer.feit in lists:
            target[leaf] = [*target.get(leaf, ()), *_listed(answer)]
        else:
            target[leaf] = _one(answer, last, dates.iso(casus.peildatum))
    return replace(casus, data=data)


def _listed(answer: Ontbrekend) -> tuple[Json, ...]:
    return () if isinstance(answer.gunstig, Bereik) else answer.gunstig


def _one(answer: Ontbrekend, last: bool, today: str) -> Json:
    match answer.gunstig:
        case Bereik(low, high):
            ends = [end for end in (low, high) if end is not None]
            return ends[-1 if last else 0] if ends else today
        case values:
            return values[-1 if last else 0]
