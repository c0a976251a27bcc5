"""A request of AuthZEN turned into a casus, by a mapping that is data.

Goes in: a `Body` and the mapping. Comes out: an `Asked`, or a `Problem` whose faults name places in the request.
Must not know: what any field means, how a casus is decided, or HTTP.

A word the vocabulary does not have is no fault here: nothing is known of it, so nothing is permitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic_core import to_json

from app.advice import dates
from app.advice.question.casus import Casus
from app.lang.authzen_mapping import AuthzenMapping, Entity, EntityName
from app.web.agreement import TO_ITSELF, Occasion, disagreements
from app.web.authzen import paths
from app.web.authzen.body import CASUS, TIME, Body
from app.web.problems import MOST_FAULTS, Fout, Problem, bad_question
from app.web.question import QuestionReader
from app.web.wire import PROPOSALS, YES_NO

UNKNOWN: Final = "?"
"""Stands in the log for a type or word that the policy set does not know: it could be anything, also a name."""
SEARCH: Final = "search"
"""The member that tells a kept search from a kept evaluation."""
FLOWS: Final = PROPOSALS.removesuffix("[]")


@dataclass(frozen=True, slots=True)
class Strange:
    """A place whose word the policy set does not know, and the words it does."""

    place: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, ready to be decided.

    `casus`: with a flow per candidate when an entity is searched. `strange`: when anything is, nothing can be
    permitted and `casus` is not to be decided. `text`: the request as it decides, for the log. `places`: what faults
    and missing facts are called in the request.
    """

    casus: Casus
    searched: Entity | None
    candidates: tuple[str, ...]
    strange: tuple[Strange, ...]
    text: str
    places: dict[str, str]
    activity: str | None
    traceparent: str | None

    def place(self, field: str) -> str:
        """Name a place of the question as a place in the request."""
        return self.places.get(field) or (f"{CASUS}.{field}" if field else CASUS)

    def refusal(self, problem: Problem) -> Problem:
        """Make a problem with the casus name places in the request."""
        return replace(problem, fouten=tuple(replace(one, veld=self.place(one.veld)) for one in problem.fouten))


class Asking:
    """Reads requests for one mapping. Safe to share between threads and coroutines."""

    def __init__(self, mapping: AuthzenMapping, reader: QuestionReader) -> None:
        self.mapping = mapping
        self._reader = reader
        vocabulary = reader.vocabulary
        self._domains = {field.path: vocabulary.domain_of_field(field) for field in vocabulary.fields}
        self._required = {field.path for field in vocabulary.fields if field.required}
        self._names = {path.partition(".")[0].rstrip("[]{}") for path in self._domains}
        self._mapped = {place.rpartition(".")[2]: place for place, _ in mapping.places() if ".properties." in place}
        self._places = {paths.shown(path): place for place, path in mapping.places()}
        self._places |= {path.removesuffix("[0]"): place for path, place in self._places.items()}

    def read(self, body: Body, searched: EntityName | None = None, most: int = MOST_FAULTS) -> Asked:
        """Turn a request into a casus; raises Problem with at most so many faults of the casus in words."""
        question = deepcopy(dict(body.casus))
        fouten = [*body.fouten, *_several(question), *self._misplaced(question), *_two_days(body, question)]
        fouten += self._elsewhere(body)
        places = dict(self._places)
        if body.day is not None and question.get("peildatum") is None:
            question["peildatum"] = dates.iso(body.day)
            places["peildatum"] = TIME
        strange = [
            one for entity in self.mapping.entities for one in self._fill(question, body, entity, searched, fouten)
        ]
        for path, value in self.mapping.fixed.items():
            paths.put(question, path, value)
        entity = next((one for one in self.mapping.entities if one.name == searched), None)
        # Beside what was said the question holds words to check the rest by, which may be the same party twice.
        occasion = Occasion.BEFORE if entity is not None or strange else Occasion.SHARED
        casus = self._checked(question, places, fouten, most, occasion)
        candidates = () if entity is None else tuple(self._candidates(question, entity))
        asked = Asked(casus, entity, candidates, tuple(strange), "", places, body.activity, body.traceparent)
        text = to_json(self._as_kept(asked, body)).decode()
        return replace(asked, casus=self._with_candidates(asked), text=text)

    def _misplaced(self, question: dict[str, Any]) -> Iterator[Fout]:
        """Find what stands in the casus, but follows from an entity or is fixed."""
        reasons = {path: f"Dit volgt uit {place}." for place, path in self.mapping.places()}
        reasons |= dict.fromkeys(self.mapping.fixed, "Dit staat vast.")
        for path, melding in reasons.items():
            if paths.find(question, path) is not None:
                yield Fout(f"{CASUS}.{paths.shown(path).removesuffix('[0]')}", melding, "Laat dit veld hier weg.")

    def _elsewhere(self, body: Body) -> Iterator[Fout]:
        """Find facts outside `context.casus`: ignored, they would be unknown without anybody knowing.

        Among an entity's properties anything may stand that others need; there a list or an object under a name of
        the question is a fact, and so is a property that the mapping reads of another entity.
        """
        for place, value in body.loose.items():
            name = place.rpartition(".")[2]
            entity = place.partition(".properties.")[0] if ".properties." in place else ""
            is_fact = name in self._names and (not entity or isinstance(value, dict | list))
            right = f"{CASUS}.{name}" if is_fact else self._mapped.get(name, place) if entity else place
            if name == _CASUS:
                right = CASUS
            if right != place and value is not None:
                yield Fout(place, "Dit telt hier niet mee.", f"Zet dit in {right}.")

    def _fill(
        self, question: dict[str, Any], body: Body, entity: Entity, searched: EntityName | None, fouten: list[Fout]
    ) -> Iterator[Strange]:
        """Put what was said of an entity into the question; for a word not known another, to check the rest by."""
        if entity.type is not None and body.said(f"{entity.name}.type") != entity.type:
            yield Strange(f"{entity.name}.type", (entity.type,))
            for _, path in entity.places():
                if path in self._required:
                    paths.put(question, path, next(iter(self._words(path)), None))
            return
        for place, path in entity.places():
            words = self._words(path)
            value = body.said(place)
            if path == entity.field and (entity.name == searched or value is None):
                value = words[0]
            elif value is not None and words and value not in words:
                if isinstance(value, str):
                    yield Strange(place, words)
                else:
                    fouten.append(Fout(place, "Dit moet tekst zijn.", f"Een van: {', '.join(words)}."))
                value = words[0]
            if value is not None:
                paths.put(question, path, value)

    def _words(self, path: str) -> tuple[str, ...]:
        """The words a field can hold; () for yes or no, and for what is no choice."""
        domain = self._domains[path]
        return () if domain is None or domain.values == YES_NO else domain.values

    def _candidates(self, question: Mapping[str, Any], entity: Entity) -> Iterator[str]:
        """Yield the words to search among: no party that would give something to itself."""
        for word in self._words(entity.field):
            one = deepcopy({FLOWS: question[FLOWS]})
            paths.put(one, entity.field, word)
            if all(fout.strijdigheid != TO_ITSELF for fout in disagreements(one, Occasion.SHARED)):
                yield word

    def _checked(
        self, question: dict[str, Any], places: dict[str, str], fouten: list[Fout], most: int, occasion: Occasion
    ) -> Casus:
        """Check the question as any question is; raises Problem with its faults, under their places in the request."""
        unlisted = 0
        try:
            casus = self._reader.check(question, most=most, occasion=occasion)
        except Problem as problem:
            found = [replace(one, veld=places.get(one.veld) or f"{CASUS}.{one.veld}") for one in problem.fouten]
            taken = {one.veld for one in fouten}
            fouten += [one for one in found if one.veld not in taken]
            unlisted = problem.found - len(problem.fouten)
        if fouten or unlisted:
            raise bad_question(fouten, len(fouten) + unlisted)
        return casus

    def _with_candidates(self, asked: Asked) -> Casus:
        """Ask about every candidate in one casus: the same flow, each with another word in one place."""
        if asked.searched is None:
            return asked.casus
        flows = []
        for word in asked.candidates:
            one = deepcopy({FLOWS: asked.casus.data[FLOWS]})
            paths.put(one, asked.searched.field, word)
            flows += one[FLOWS]
        return replace(asked.casus, data={**asked.casus.data, FLOWS: flows})

    def _as_kept(self, asked: Asked, body: Body) -> dict[str, Any]:
        """Write the request as it decides: defaults merged, the peildatum filled in, nothing that decides nothing."""
        kept: dict[str, Any] = {} if asked.searched is None else {SEARCH: asked.searched.name}
        strange = {one.place for one in asked.strange}
        for entity in self.mapping.entities:
            shown = _kept_entity(entity, body, strange)
            if shown:
                kept[entity.name] = shown
        data = deepcopy(dict(asked.casus.data))
        for path in ("peildatum", *self.mapping.filled()):
            paths.drop(data, path)
        return {**kept, "context": {"casus": {"peildatum": dates.iso(asked.casus.peildatum), **data}}}


def _several(question: dict[str, Any]) -> Iterator[Fout]:
    """Refuse more flows than the one asked about; the first stays, so that it is checked."""
    flows = question.get(FLOWS)
    if isinstance(flows, list) and len(flows) > 1:
        yield Fout(f"{CASUS}.{FLOWS}", "Er is één deling: die van deze vraag.", "Een lijst met één object.")
        question[FLOWS] = flows[:1]


def _two_days(body: Body, question: dict[str, Any]) -> Iterator[Fout]:
    """Find a peildatum that is not the day of context.time: only one of them can choose the law."""
    said = question.get("peildatum")
    if body.day is not None and isinstance(said, str) and said != dates.iso(body.day):
        for place, other in ((TIME, _PEILDATUM), (_PEILDATUM, TIME)):
            yield Fout(place, f"Dit is een andere dag dan {other}.", "Dezelfde dag, of maar één van beide.")


def _kept_entity(entity: Entity, body: Body, strange: set[str]) -> dict[str, Any]:
    """Write an entity for the log; of a type that is not known nothing is, for it could be about anyone."""
    said = body.entities[entity.name]
    members = {name: value for name, value in said.items() if name != "properties"}
    if f"{entity.name}.type" in strange:
        return dict.fromkeys(members, UNKNOWN)
    shown = {name: UNKNOWN if f"{entity.name}.{name}" in strange else value for name, value in members.items()}
    properties = {}
    for name in (*entity.properties, *_OWN.get(entity.name, ())):
        place = f"{entity.name}.properties.{name}"
        if (value := body.said(place)) is not None:
            properties[name] = UNKNOWN if place in strange else value
    return {**shown, "properties": properties} if properties else shown


_CASUS: Final = CASUS.rpartition(".")[2]
_PEILDATUM: Final = f"{CASUS}.peildatum"
_OWN: Final[dict[EntityName, tuple[str, ...]]] = {"action": ("processing_activity_id",)}
"""Properties that the profile names, besides those of the mapping."""
