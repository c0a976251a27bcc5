"""One question about one young person, and the flows it asks about.

Goes in: validated JSON. Comes out: a `Casus`, and its `Flow`s: one per deling and item.
Must not know: any field or predicate by name, except the words of the contract (delingen).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.record import record

CASE_KEY = "c"
PROPOSED = "delingen"
DAY = "peildatum"
"""Words of the contract: the flows asked about, and the day whose law applies."""


@record
class Casus:
    """A validated question.

    `peildatum` is yyyymmdd. `data` is the question's JSON as it was checked: absent fields left out
    (no None), dates still ISO text, booleans still booleans.
    """

    kenmerk: str | None
    peildatum: int
    data: Mapping[str, Any]


@record
class Flow:
    """One item of one proposed deling.

    `key` names it in facts; `index` is the place of its deling in the question (None when nobody
    proposed it); `data` is that deling reduced to this item.
    """

    key: str
    index: int | None
    verstrekker: str
    ontvanger: str
    gegeven: str
    doel: str
    data: Mapping[str, Any]


def flow(key: str, index: int | None, deling: Mapping[str, Any], gegeven: str) -> Flow:
    """Reduce a deling to one of its items; the weighing keeps only what was said of that item."""
    reduced = dict(deling)
    reduced["gegevens"] = (gegeven,)
    afweging = deling.get("afweging")
    if afweging and "gegevens" in afweging:
        said = afweging["gegevens"].get(gegeven)
        reduced["afweging"] = {**afweging, "gegevens": {} if said is None else {gegeven: said}}
    return Flow(key, index, deling["verstrekker"], deling["ontvanger"], gegeven, deling["doel"], reduced)


def flatten(casus: Casus, case_key: str = CASE_KEY) -> tuple[Flow, ...]:
    """List the flows asked about: one per deling and item, in the order asked, duplicates included."""
    flows: list[Flow] = []
    for index, deling in enumerate(casus.data.get("delingen", ())):
        for gegeven in deling["gegevens"]:
            flows.append(flow(f"{case_key}.d{len(flows)}", index, deling, gegeven))
    return tuple(flows)
