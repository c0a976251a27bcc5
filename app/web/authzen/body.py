"""A request of AuthZEN as it came in, held to the shape that the standard gives it.

Goes in: plain JSON values. Comes out: a `Body` with what the standard names and every fault in its shape.
Must not know: what an entity stands for, or how anything is decided.

Unknown members are ignored, as the standard asks, and listed, for the next layer may know that one stands in the wrong
place. `context.casus` is not looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.lang.authzen_mapping import ENTITIES, EntityName
from app.web.authzen.logical_time import TIME_SHAPE, day_of
from app.web.kenmerk import is_bsn
from app.web.problems import Fout, bad_question

CASUS: Final = "context.casus"
TIME: Final = "context.time"
ACTIVITY: Final = "action.properties.processing_activity_id"
_ACTIVITY: Final = re.compile(r"[a-z][a-z0-9+.-]*:[\x21-\x7e]{1,200}", re.ASCII)
_OBJECT: Final = "Een object."
_CONTEXT: Final = ("casus", "time", "traceparent")
_MEMBERS: Final[Mapping[EntityName, tuple[str, ...]]] = {
    "subject": ("type", "id"),
    "action": ("name",),
    "resource": ("type", "id"),
}


@dataclass(frozen=True, slots=True)
class Body:
    """One evaluation or search. `entities`: what was said of each; that of a searched one has no id.

    `casus`: as it came in, not checked. `day`: the day of context.time, yyyymmdd. `activity`: the caller's own
    processing activity. `loose`: the members that the standard does not name, by place. `fouten`: what is wrong with
    the shape; there the value is None.
    """

    entities: Mapping[EntityName, Mapping[str, Any]]
    casus: Mapping[str, Any]
    day: int | None
    activity: str | None
    traceparent: str | None
    loose: Mapping[str, Any]
    fouten: tuple[Fout, ...] = ()

    def said(self, place: str) -> Any:
        """What stands at a place such as `resource.properties.status`; None where nothing does."""
        name, member, *inner = place.split(".", 2)
        value = next(said for entity, said in self.entities.items() if entity == name).get(member)
        return value.get(inner[0]) if inner and value is not None else value


def read_body(value: Any, searched: EntityName | None = None) -> Body:
    """Read an evaluation, or the search for one of the entities; raises Problem only for what is no object."""
    fouten: list[Fout] = []
    body = as_object(value)
    entities = {name: _entity(body, name, searched, fouten) for name in ENTITIES}
    context = _object(body.get("context"), "context", fouten)
    casus = _object(context.get("casus"), CASUS, fouten)
    day = _day(context.get("time"), fouten)
    activity = _activity(entities["action"], fouten)
    if body.get("evaluations"):
        fouten.append(Fout("evaluations", "Hier kan maar één vraag tegelijk.", "Stuur meer vragen naar /evaluations."))
    return Body(entities, casus, day, activity, traceparent_of(body), _loose(body, context, entities), tuple(fouten))


def as_object(value: Any) -> dict[str, Any]:
    """Return what is an object; raises Problem for anything else."""
    if not isinstance(value, dict):
        raise bad_question((Fout("", "Dit moet een object zijn.", "Een object met subject, action en resource."),))
    return value


def _loose(
    body: Mapping[str, Any], context: Mapping[str, Any], entities: Mapping[EntityName, Mapping[str, Any]]
) -> dict[str, Any]:
    """List the members that the standard does not name: of the request, its context, and properties of an entity."""
    found = {name: value for name, value in body.items() if name not in (*ENTITIES, "context")}
    found |= {f"context.{name}": value for name, value in context.items() if name not in _CONTEXT}
    for name, entity in entities.items():
        found |= {f"{name}.properties.{member}": value for member, value in entity["properties"].items()}
    return found


def traceparent_of(body: Mapping[str, Any]) -> str | None:
    """Find the caller's trace in the context (NLGov profile); what is no trace begins a new one."""
    context = body.get("context")
    found = context.get("traceparent") if isinstance(context, dict) else None
    return found if isinstance(found, str) else None


def _entity(
    body: Mapping[str, Any], name: EntityName, searched: EntityName | None, fouten: list[Fout]
) -> Mapping[str, Any]:
    """Read one entity: its members and its properties, of the searched one without what tells it apart."""
    is_searched = name == searched
    if is_searched and name == "action":
        return {"properties": {}}
    given = body.get(name)
    members = _MEMBERS[name][:1] if is_searched else _MEMBERS[name]
    if not isinstance(given, dict):
        melding = "Dit veld is verplicht." if given is None else "Dit moet een object zijn."
        fouten.append(Fout(name, melding, f"Een object met {' en '.join(members)}."))
        return {**dict.fromkeys(members), "properties": {}}
    found: dict[str, Any] = {}
    for member in members:
        value = given.get(member)
        if not isinstance(value, str):
            melding = "Dit veld is verplicht." if value is None else "Dit moet tekst zijn."
            fouten.append(Fout(f"{name}.{member}", melding, "Tekst."))
        found[member] = value if isinstance(value, str) else None
    return {**found, "properties": _object(given.get("properties"), f"{name}.properties", fouten)}


def _object(value: Any, place: str, fouten: list[Fout]) -> Mapping[str, Any]:
    """Read an object that may be left out."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        fouten.append(Fout(place, "Dit moet een object zijn.", _OBJECT))
        return {}
    return value


def _day(time: Any, fouten: list[Fout]) -> int | None:
    if time is None:
        return None
    day = day_of(time) if isinstance(time, str) else None
    if day is None:
        fouten.append(Fout(TIME, "Dit is geen tijdstip.", TIME_SHAPE))
    return day


def _activity(action: Mapping[str, Any], fouten: list[Fout]) -> str | None:
    found = action["properties"].get("processing_activity_id")
    if found is None or (isinstance(found, str) and _ACTIVITY.fullmatch(found) and not is_bsn(found)):
        return found
    fouten.append(Fout(ACTIVITY, "Dit is geen URI.", "Een URI zonder spaties van hooguit 200 tekens."))
    return None
