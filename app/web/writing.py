"""Writing: the advice layer's records as JSON text, in one go.

Goes in: a record. Comes out: the text a caller gets, as bytes. Must not know: what a record says.

How a kind of record is written is worked out once, from its fields; pydantic's core then writes it at a speed that
Python does not reach. What it writes is what `as_json` gives: a test holds the two together.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from pydantic_core import SchemaSerializer, core_schema

from app.advice.advies import ABSENT


def text_of(record: object) -> bytes:
    """Write a record as JSON text.

    >>> from app.advice.advies import Bereik
    >>> text_of(Bereik(vanaf=16))
    b'{"vanaf":16,"tot":null}'
    """
    kind = type(record)
    writer = _WRITERS.get(kind)
    if writer is None:
        writer = _WRITERS[kind] = _writer(kind)
    return writer.to_json(record)


_WRITERS: dict[type, SchemaSerializer] = {}


def _writer(kind: type) -> SchemaSerializer:
    """Make what writes a kind of record."""
    schemas: dict[str, core_schema.CoreSchema] = {}
    _record(kind, schemas)
    definitions = list(schemas.values())
    return SchemaSerializer(core_schema.definitions_schema(_reference(kind), definitions))


def _reference(kind: type) -> core_schema.CoreSchema:
    return core_schema.definition_reference_schema(kind.__name__)


def _record(kind: type, schemas: dict[str, core_schema.CoreSchema]) -> None:
    """Describe a kind of record, and those it holds, as dataclasses."""
    if kind.__name__ in schemas:
        return
    schemas[kind.__name__] = core_schema.any_schema()  # it is being described: a record may hold its own kind
    hints = get_type_hints(kind)
    described = [
        core_schema.dataclass_field(
            field.name,
            _shape(hints[field.name], schemas),
            serialization_exclude_if=_is_none if ABSENT in field.metadata else None,
        )
        for field in fields(kind)
    ]
    names = [field.name for field in fields(kind)]
    arguments = core_schema.dataclass_args_schema(kind.__name__, described)
    schemas[kind.__name__] = core_schema.dataclass_schema(kind, arguments, names, ref=kind.__name__, slots=True)


def _shape(hint: Any, schemas: dict[str, core_schema.CoreSchema]) -> core_schema.CoreSchema:
    """Describe what a field holds: a record, several of them, or perhaps one; anything else is written as it is."""
    if isinstance(hint, type) and is_dataclass(hint):
        _record(hint, schemas)
        return _reference(hint)
    arguments = get_args(hint)
    if get_origin(hint) is tuple:
        return core_schema.tuple_variable_schema(_shape(arguments[0], schemas))
    if get_origin(hint) is UnionType:
        held = [one for one in arguments if one is not NoneType]
        return core_schema.nullable_schema(_shape(held[0], schemas)) if len(held) == 1 else core_schema.any_schema()
    return core_schema.any_schema()


def _is_none(value: object) -> bool:
    return value is None
