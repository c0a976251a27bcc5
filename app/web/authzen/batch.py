"""Several evaluations in one request: their defaults merged, and when to stop.

Goes in: plain JSON values. Comes out: a `Batch`, or a `Problem` about the request as a whole.
Must not know: what an entity stands for, or how anything is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.web.authzen.body import ACTIVITY, as_object, traceparent_of
from app.web.desk import MAX_SERIES
from app.web.problems import Fout, Problem, bad_question
from app.web.sizes import SERIES_LIMIT, bytes_of, shown

Semantic = Literal["execute_all", "deny_on_first_deny", "permit_on_first_permit"]
SEMANTICS: Final[tuple[Semantic, ...]] = ("execute_all", "deny_on_first_deny", "permit_on_first_permit")
_SEMANTIC: Final = "evaluations_semantic"
_LIST: Final = f"Een lijst van hooguit {MAX_SERIES} evaluaties."
_OWN: Final = ("evaluations", "options")
"""The members of the request as a whole."""
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "subject": ("type", "id"),
    "action": ("name",),
    "resource": ("type", "id"),
}
"""The members of an entity that fall back on the default's, where an evaluation leaves them out."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The evaluations, each with its defaults filled in; not yet checked one by one."""

    evaluations: tuple[Any, ...]
    semantic: Semantic
    activity: str | None
    traceparent: str | None

    def stops(self, decision: bool) -> bool:
        """Whether nothing after this decision is decided any more."""
        return (self.semantic, decision) in (("deny_on_first_deny", False), ("permit_on_first_permit", True))


def read_batch(value: Any) -> Batch | None:
    """Read several evaluations; None when there are none, and the request is itself one. Raises Problem."""
    body = as_object(value)
    given = body.get("evaluations")
    semantic, fouten = _semantic(body.get("options"))
    if body.get(_SEMANTIC) is not None:
        fouten.append(Fout(_SEMANTIC, "Dit telt hier niet mee.", f"Zet dit in options.{_SEMANTIC}."))
    if given is not None and (not isinstance(given, list) or len(given) > MAX_SERIES):
        fouten.append(Fout("evaluations", "Dit is geen lijst van de juiste lengte.", _LIST))
    if fouten:
        raise bad_question(fouten)
    if not given:
        return None
    evaluations = tuple(_merged(body, one) for one in given)
    if not _fits(evaluations):
        raise Problem(413, f"De evaluaties zijn samen, elk met wat zij delen, groter dan {shown(SERIES_LIMIT)}.")
    activities = dict.fromkeys(_activities(evaluations))
    if len(activities) > 1:
        expected = "Dezelfde waarde in elke evaluatie: één aanroep hoort bij één verwerking."
        raise bad_question((Fout(ACTIVITY, "Deze waarde verschilt tussen evaluaties.", expected),))
    return Batch(evaluations, semantic, next(iter(activities), None), traceparent_of(body))


def _semantic(options: Any) -> tuple[Semantic, list[Fout]]:
    if options is None:
        return "execute_all", []
    if not isinstance(options, dict):
        return "execute_all", [Fout("options", "Dit moet een object zijn.", "Een object.")]
    said = options.get(_SEMANTIC)
    for known in SEMANTICS:
        if said == known or (said is None and known == "execute_all"):
            return known, []
    fout = Fout(f"options.{_SEMANTIC}", "Deze waarde bestaat niet.", f"Een van: {', '.join(SEMANTICS)}.")
    return "execute_all", [fout]


def _merged(defaults: Mapping[str, Any], evaluation: Any) -> Any:
    """Fill in what an evaluation leaves out: whole entities, and of one it has only the members every entity needs.

    Members that the standard does not name stay, so that facts in the wrong place are told and not dropped.
    """
    if not isinstance(evaluation, dict):
        return evaluation
    shared = {name: value for name, value in defaults.items() if name not in _OWN}
    merged: dict[str, Any] = {**shared, **evaluation}
    for name in ("subject", "action", "resource", "context"):
        own, default = evaluation.get(name), defaults.get(name)
        if own is None:
            merged[name] = default
        elif isinstance(own, dict) and isinstance(default, dict):
            needed = {key: default[key] for key in _NEEDED.get(name, ()) if key in default}
            merged[name] = {**needed, **{key: value for key, value in own.items() if value is not None}}
        else:
            merged[name] = own
    return merged


def _fits(evaluations: Iterable[Any]) -> bool:
    """Whether they are no larger, written out, than several may be: what they share counts each time."""
    total = 0
    for one in evaluations:
        total += bytes_of(one)
        if total > SERIES_LIMIT:
            return False
    return True


def _activities(evaluations: tuple[Any, ...]) -> Iterator[str]:
    """Go through the processing activities that evaluations name; what is none is found when each is checked."""
    for one in evaluations:
        action = one.get("action") if isinstance(one, dict) else None
        properties = action.get("properties") if isinstance(action, dict) else None
        found = properties.get("processing_activity_id") if isinstance(properties, dict) else None
        if isinstance(found, str):
            yield found
