"""A comparison as people and programs read it: text, Markdown, JSON.

Goes in: a `Comparison` with the names of both laws. Comes out: text, or plain JSON values.
Must not know: how anything was compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from app.analysis.comparison import REFUSED, Comparison, Group, RegionFound
from app.analysis.confirmation import Shown
from app.analysis.differences import DIRECTIONS, Direction, Pair
from app.analysis.flow_words import flow_lines
from app.kern.example import Example
from app.record import record

TITLES: Final[dict[Direction, str]] = {
    "ruimer": "Ruimer: mag vaker",
    "strenger": "Strenger: mag minder vaak",
    "anders_gevraagd": "Anders gevraagd: hetzelfde mag, maar het oordeel onderweg is anders",
}
OORDELEN: Final = {
    "toegestaan": "toegestaan",
    "onder_voorwaarden": "onder voorwaarden",
    "alleen_met_toestemming": "alleen met toestemming",
    "niet_toegestaan": "niet toegestaan",
    REFUSED: "geweigerd: de vraag spreekt zichzelf tegen",
    "": "wel een oordeel",
}
NO_EXAMPLE: Final = (
    "Geen voorbeeld gevonden dat beide beslissers zo zien: dit verschil is niet getoond en niet uitgesloten."
)
PARTIAL: Final = "Alleen als nog iets onbekend is. Met alle antwoorden erbij oordelen A en B hetzelfde."
REST: Final = "Er zijn meer verschillen dan deze gebieden; deze lijst is niet volledig."

Confirm = Callable[[Example], Shown | None]


@record
class Compared:
    """Two laws by name, compared. `shown`: per region (by identity) its example, None where it was not confirmed."""

    first: str
    second: str
    comparison: Comparison
    shown: dict[int, Shown | None]


def with_examples(first: str, second: str, comparison: Comparison, confirm: Confirm) -> Compared:
    """Have every example confirmed."""
    regions = [region for group in comparison.groups for region in group.regions]
    shown = {id(one): None if one.example is None else confirm(one.example) for one in regions}
    return Compared(first, second, comparison, shown)


def text(compared: Compared, *, markdown: bool = False) -> str:
    """Write a comparison for a terminal, or as a memo in Markdown."""
    return "\n".join(_lines(compared, _Marks.of(markdown)))


@record
class _Marks:
    """How headings, lists and questions are marked."""

    title: str
    heading: str
    group: str
    item: str
    indent: str
    fence: bool

    @classmethod
    def of(cls, markdown: bool) -> _Marks:
        if markdown:
            return cls("# ", "## ", "### ", "- ", "", True)
        return cls("", "", "", "  - ", "    ", False)


def _lines(compared: Compared, marks: _Marks) -> Iterator[str]:
    comparison = compared.comparison
    yield f"{marks.title}Vergelijking van twee keer recht"
    yield ""
    yield f"A: {compared.first}"
    yield ""
    yield f"B: {compared.second}"
    yield ""
    if not comparison.groups:
        yield (
            f"Geen verschil over alle {large(comparison.laws.cases())} gevallen van {large(comparison.signatures)} "
            "stromen, volledig of onvolledig bekend."
        )
        return
    for direction in DIRECTIONS:
        yield from _direction(compared, direction, marks)


def _direction(compared: Compared, direction: Direction, marks: _Marks) -> Iterator[str]:
    groups = compared.comparison.of(direction)
    flows = {signature for group in groups for signature in group.signatures}
    count = f"{len(flows)} van {large(compared.comparison.signatures)} stromen" if groups else "geen"
    yield f"{marks.heading}{TITLES[direction]} ({count})"
    yield ""
    for number, group in enumerate(groups, 1):
        many = len(group.signatures)
        yield f"{marks.group}Groep {number}: {many} {'stroom' if many == 1 else 'stromen'}"
        yield ""
        yield from (f"{marks.item}{line}" for line in _flows(compared, group))
        yield ""
        if not group.is_full:
            yield from (PARTIAL, "")
        for region in group.regions:
            yield from _region(region, compared.shown[id(region)], marks)
        if group.rest:
            yield from (REST, "")


def _flows(compared: Compared, group: Group) -> tuple[str, ...]:
    space = compared.comparison.laws.space
    if len(group.signatures) == compared.comparison.signatures or space.shape.flow is None:
        return ("alle stromen",)
    return flow_lines(group.signatures, space.vocabulary, space.shape.flow)


def _region(region: RegionFound, shown: Shown | None, marks: _Marks) -> Iterator[str]:
    yield f"{marks.indent}{'; '.join(_change(pair) for pair in region.pairs)}, als:"
    yield ""
    yield from (f"{marks.indent}{marks.item}{one}" for one in region.conditions or ("(altijd)",))
    yield ""
    if shown is None:
        yield from (f"{marks.indent}{NO_EXAMPLE}", "")
        return
    yield f"{marks.indent}Voorbeeld ({_change((shown.before, shown.after))}):{_asked(shown)}"
    yield from _question(shown.question, marks)


def _asked(shown: Shown) -> str:
    if shown.sooner is None:
        return ""
    return f" met peildatum {shown.sooner['peildatum']} het eerste oordeel, met deze peildatum het tweede."


def _question(question: Any, marks: _Marks) -> Iterator[str]:
    plain = json.dumps(question, ensure_ascii=False, indent=2 if marks.fence else None)
    yield from ("", "```json", plain, "```", "") if marks.fence else (f"{marks.indent}{plain}", "")


def _change(pair: Pair) -> str:
    one, other = (OORDELEN.get(name, name) for name in pair)
    return f"{one} → {other}"


def as_json(compared: Compared) -> dict[str, Any]:
    """Write a comparison as plain JSON values."""
    comparison = compared.comparison
    return {
        "a": compared.first,
        "b": compared.second,
        "stromen": comparison.signatures,
        "gevallen": comparison.laws.cases(),
        "verschil": bool(comparison.groups),
        "groepen": [_group_as_json(compared, group) for group in comparison.groups],
    }


def _group_as_json(compared: Compared, group: Group) -> dict[str, Any]:
    return {
        "richting": group.direction,
        "alleen_onvolledig": not group.is_full,
        "volledige_lijst": not group.rest,
        "stromen": [_as_flow(compared, signature) for signature in group.signatures],
        "gebieden": [_region_as_json(one, compared.shown[id(one)]) for one in group.regions],
    }


def _as_flow(compared: Compared, signature: Sequence[Any]) -> dict[str, Any]:
    space = compared.comparison.laws.space
    assert space.shape.flow is not None
    arguments = space.vocabulary.predicates[space.shape.flow].arguments[2:]
    return {one.name.lower(): word for one, word in zip(arguments, signature, strict=True)}


def _region_as_json(region: RegionFound, shown: Shown | None) -> dict[str, Any]:
    example = None
    if shown is not None:
        example = {"vraag": shown.question, "van": shown.before, "naar": shown.after}
        if shown.sooner is not None:
            example["vraag_a"] = shown.sooner
    changes = [{"van": one, "naar": other} for one, other in region.pairs]
    return {"voorwaarden": list(region.conditions), "oordelen": changes, "voorbeeld": example}


def large(count: int) -> str:
    """Write a number for people; a very large one by its first digits and its size.

    >>> large(48672), large(11635465137075556511618822859721801728)
    ('48.672', '1,16 × 10^37')
    """
    if count < 10**9:
        return f"{count:,}".replace(",", ".")
    size = len(str(count)) - 1
    return f"{count / 10**size:.2f}".replace(".", ",") + f" × 10^{size}"
