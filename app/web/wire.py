"""The question's shape, made from the vocabulary: no field or word of the law is spelled here.

Goes in: a `Vocabulary`. Comes out: a pydantic model that checks a question, with Dutch descriptions.
Must not know: what any field means; what to say about a fault (faults.py does).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    create_model,
)
from pydantic_core import PydanticCustomError

from app.lang.vocabulary import InputField, Vocabulary
from app.log.kenmerk_form import LONGEST, has_only_seen
from app.web.kenmerk import has_clean_edges, is_bsn
from app.web.sizes import FLOWS_SHAPE, MOST_FLOWS

YES_NO: Final = ("ja", "nee")
"""A choice between exactly these two is a boolean in JSON."""
PROPOSALS: Final = "delingen[]"
"""The flows asked about: a word of the contract. Leaving them out asks for all flows, so [] is refused."""
QUESTION: Final = "Wat u van één jongere weet, en de delingen waarover u een oordeel vraagt. Wat u weglaat is onbekend."
GROUP: Final = "De velden onder '{path}'. Wat u weglaat is onbekend, of nee waar dat bij het veld staat."
TEXT_MAXIMUM: Final = LONGEST
LIST_MAXIMUM: Final = 1000
"""Entries of a list; of those about flows no more than there may be flows (`longest`)."""
FIRST_DAY: Final = "1900-01-01"
LAST_DAY: Final = "2100-12-31"
DATE_FAULT: Final = "datum"
BSN_FAULT: Final = "bsn"
EDGE_FAULT: Final = "rand"
UNSEEN_FAULT: Final = "onzichtbaar"
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NO_EDGES: Final = r"^\S(.*\S)?$"
"""What a schema can say of `has_clean_edges` and `has_only_seen`."""


class Question(BaseModel):
    """The base of every object in a question: unknown names are refused, values are never converted."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, validate_default=False)


def question_model(vocabulary: Vocabulary) -> type[Question]:
    """Build the model of a whole question."""
    return _Builder(vocabulary).model("Vraag", "")


def longest(field: InputField) -> int:
    """How many entries a list may have."""
    return MOST_FLOWS if field.path.startswith(PROPOSALS) else LIST_MAXIMUM


def least(field: InputField) -> int:
    """How few entries a list may have."""
    return 1 if field.required or field.path == PROPOSALS else 0


def real_date(text: str) -> bool:
    """Whether this is a date that exists, written YYYY-MM-DD, within the years the service knows.

    >>> real_date("2024-02-29"), real_date("2023-02-29"), real_date("20240229")
    (True, False, False)
    """
    # fromisoformat alone would also take 20260315 and 2026-W11-7.
    if not (_ISO.fullmatch(text) and FIRST_DAY <= text <= LAST_DAY):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _checked_date(text: str) -> str:
    if not real_date(text):
        raise PydanticCustomError(DATE_FAULT, "geen datum")
    return text


def _reference(text: str) -> str:
    if not has_clean_edges(text):
        raise PydanticCustomError(EDGE_FAULT, "een spatie aan de rand")
    if not has_only_seen(text):
        raise PydanticCustomError(UNSEEN_FAULT, "een teken dat niet te zien is")
    if is_bsn(text):
        raise PydanticCustomError(BSN_FAULT, "een burgerservicenummer")
    return text


def _whole(value: Any) -> Any:
    """Take 18.0 for 18: in JSON these are one number, and some languages write every number with a fraction."""
    return int(value) if type(value) is float and value.is_integer() else value


_DATE: Final = Annotated[StrictStr, AfterValidator(_checked_date), Field(json_schema_extra={"format": "date"})]
_TEXT: Final = Annotated[
    StrictStr,
    Field(min_length=1, max_length=TEXT_MAXIMUM, json_schema_extra={"pattern": _NO_EDGES}),
    AfterValidator(_reference),
]


class _Builder:
    """Makes one model per object of the question, from the paths of its fields."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._fields = {field.path: field for field in vocabulary.fields}

    def model(self, name: str, prefix: str) -> type[Question]:
        """Build the model of the object at a path ("" or ending in a dot)."""
        members: dict[str, Any] = {}
        for member in self._members(prefix):
            field = self._field(prefix, member)
            kind = self._kind(prefix, member, field)
            required = field is not None and field.required
            description = field.description if field else GROUP.format(path=prefix + member)
            if field is not None and field.path == PROPOSALS:
                description = f"{description} {FLOWS_SHAPE}"
            shown = Field(... if required else None, description=description)
            members[member] = (kind if required else kind | None, shown)
        path = prefix.removesuffix(".")
        described = self._fields[path].description if path in self._fields else GROUP.format(path=path)
        return create_model(name, __base__=Question, __doc__=described if path else QUESTION, **members)

    def _members(self, prefix: str) -> Iterable[str]:
        """List the names directly under a path, in order, once each."""
        names: dict[str, None] = {}
        for path in self._fields:
            if path.startswith(prefix):
                names[path[len(prefix) :].partition(".")[0].removesuffix("[]").removesuffix("{}")] = None
        return names

    def _field(self, prefix: str, member: str) -> InputField | None:
        # A list wins over the plain name: that one stands for an entry still to be added.
        for ending in ("[]", "{}", ""):
            found = self._fields.get(f"{prefix}{member}{ending}")
            if found is not None:
                return found
        return None

    def _kind(self, prefix: str, member: str, field: InputField | None) -> Any:
        if field is None:
            return self.model(_type_name(prefix + member), f"{prefix}{member}.")
        if field.path.endswith("{}"):
            return dict[self._key(prefix, member), self._value(field) | None]  # type: ignore[misc]
        if not field.path.endswith("[]"):
            return self._value(field)
        inside = f"{field.path}."
        is_object = any(path.startswith(inside) for path in self._fields)
        item = self.model(_type_name(field.path), inside) if is_object else self._value(field)
        return Annotated[list[item], Field(min_length=least(field), max_length=longest(field))]  # type: ignore[valid-type]

    def _key(self, prefix: str, member: str) -> Any:
        """Take a map's keys from the list of the same name, in this object or around it."""
        around = prefix
        while True:
            field = self._fields.get(f"{around}{member}[]")
            if field is not None:
                return self._value(field)
            around = around.rstrip(".").rpartition(".")[0]
            around = f"{around}." if around else ""

    def _value(self, field: InputField) -> Any:
        domain = self._vocabulary.domain_of_field(field)
        if domain is None:
            return _TEXT
        match domain.kind:
            case "datum":
                return _DATE
            case "getal":
                # Bounds first: behind a validator of our own they would be no JSON Schema in the description.
                return Annotated[StrictInt, Field(ge=domain.minimum, le=domain.maximum), BeforeValidator(_whole)]
            case _ if domain.values == YES_NO:
                return StrictBool
            case _:
                return Literal[domain.values]


def _type_name(path: str) -> str:
    """Name the type of the object at a path: `delingen[].afweging` becomes DelingenAfweging."""
    return "".join(part.capitalize() for part in re.split(r"[^a-z]+", path) if part)
