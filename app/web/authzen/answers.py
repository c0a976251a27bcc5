"""What the service says over AuthZEN: a decision or a list of results, with the advice behind it as context.

Goes in: what was asked and the advice about it. Comes out: plain dictionaries without nulls.
Must not know: how anything was decided, or HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.advice import dates
from app.advice.advies import Advies, DelingAdvies, as_json
from app.advice.contract import TOEGESTAAN
from app.web.authzen.asking import Asked, Strange
from app.web.problems import Problem

LANGUAGE: Final = "nl"
OF_FLOW: Final = (
    "oordeel",
    "grondslagen",
    "samenvatting",
    "wegen",
    "wacht_op",
    "stappen",
    "ontbrekend",
    "verplichtingen",
    "voor_de_jongere",
    "alternatieven",
    "kanttekeningen",
    "geldig_tot",
    "geldig_tot_reden",
)
"""What of an advice about one flow goes into the context, under the names it has there; its text is the reason."""


def answer(asked: Asked, advice: Advies | None, identifier: str) -> dict[str, Any]:
    """Answer an evaluation or a search; without an advice nothing was known of what was asked."""
    stamp = {"advies": identifier, "peildatum": dates.iso(asked.casus.peildatum)}
    if asked.casus.kenmerk is not None:
        stamp["kenmerk"] = asked.casus.kenmerk
    if advice is None:
        strange = [one.place for one in asked.strange]
        known = "Een woord dat deze dienst niet kent, in " + ", ".join(strange) + "."
        context = {**stamp, **_reasons(_why_strange(asked.strange), known), "onbekend": strange}
        return {"decision": False, "context": context} if asked.searched is None else _results((), context)
    context = {**stamp, "beleid": as_json(advice.beleid)}
    flows = advice.adviezen
    if asked.searched is not None:
        entity = asked.searched
        kind = {} if entity.type is None else {"type": entity.type}
        found = zip(asked.candidates, flows, strict=True)
        permitted = [{**kind, entity.key: word} for word, flow in found if flow.oordeel == TOEGESTAAN]
        return _results(permitted, context)
    (flow,) = flows
    told = {name: as_json(getattr(flow, name)) for name in OF_FLOW}
    missing = _placed(told["ontbrekend"], asked)
    ways = [{**way, "ontbrekend": _placed(way["ontbrekend"], asked)} for way in told["wegen"]]
    told |= {
        "wegen": ways,
        "ontbrekend": missing,
        **_reasons(flow.toelichting, _for_admins(flow, missing), flow.samenvatting),
    }
    return {"decision": flow.oordeel == TOEGESTAAN, "context": without_nulls({**context, **told})}


def _placed(missing: Iterable[Mapping[str, Any]], asked: Asked) -> list[dict[str, Any]]:
    """Name what is missing by its place in the request."""
    return [{**one, "feit": asked.place(one["feit"])} for one in missing]


def refused(problem: Problem) -> dict[str, Any]:
    """Answer one evaluation of several that could not be decided: denied, with the error in its context."""
    error: dict[str, Any] = {"status": problem.status, "message": problem.detail}
    if problem.fouten:
        error["fouten"] = [one.as_json() for one in problem.fouten]
    places = ", ".join(one.veld for one in problem.fouten if one.veld)
    reasons = _reasons(problem.detail, f"Status {problem.status}. Fouten in: {places}." if places else problem.detail)
    return {"decision": False, "context": {"error": error, **reasons}}


def without_nulls(value: Any) -> Any:
    """Leave out members that are null, at every depth: the standard's JSON has none.

    >>> without_nulls({"tot": None, "bronnen": [{"url": None, "titel": "Wet"}]})
    {'bronnen': [{'titel': 'Wet'}]}
    """
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def _reasons(text: str, for_admins: str, for_user: str = "") -> dict[str, Any]:
    """Write the reason as this service and as the standard's examples have it: per language, for two readers."""
    return {"reason": text, "reason_user": {LANGUAGE: for_user or text}, "reason_admin": {LANGUAGE: for_admins}}


def _for_admins(flow: DelingAdvies, missing: Iterable[Mapping[str, Any]]) -> str:
    """Say in codes and places why it may or may not, for whoever maintains the calling system."""
    norms = ", ".join(dict.fromkeys(one.norm for one in flow.grondslagen))
    places = ", ".join(dict.fromkeys(one["feit"] for one in missing))
    parts = (f"Oordeel: {flow.oordeel}.", norms and f"Norm: {norms}.", places and f"Ontbreekt: {places}.")
    return " ".join(part for part in parts if part)


def _results(found: Iterable[Mapping[str, str]], context: Mapping[str, Any]) -> dict[str, Any]:
    # The results come last: a reader then knows the context before it goes through them.
    return {"context": context, "results": list(found)}


def _why_strange(strange: Iterable[Strange]) -> str:
    return " ".join(f"Deze waarde van {one.place} is hier niet bekend. Wel: {', '.join(one.known)}." for one in strange)
