"""The mapping of AuthZEN onto the question, read and held to the vocabulary.

Goes in: the document `facts/authzen.toml` and the vocabulary. Comes out: an `AuthzenMapping`, or diagnostics that
name every fault. Must not know: what any field means, or how a request is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.lang.authzen_mapping import ENTITIES, AuthzenMapping, Entity, EntityName
from app.lang.diagnostics import Diagnostic, Diagnostics, in_order, nearest, whole_file
from app.lang.vocabulary import InputField, Vocabulary
from app.lang.vocabulary_table import Table

FILE: Final = "authzen.toml"
FIXED: Final = "vast"
FLOW: Final = "delingen[]."
"""Where the fields of a flow stand: a word of the contract."""
_LONGEST_TYPE: Final = 200
_CODE: Final = "vocabulary"


def read_mapping(document: Mapping[str, object], vocabulary: Vocabulary) -> AuthzenMapping | Diagnostics:
    """Read the mapping; diagnostics with every fault when it does not fit the vocabulary."""
    return _Reader(vocabulary).read(document)


class _Reader:
    """Collects faults while it reads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._fields = {field.path: field for field in vocabulary.fields}
        self._faults: list[Diagnostic] = []
        self._taken: dict[str, str] = {}

    def read(self, document: Mapping[str, object]) -> AuthzenMapping | Diagnostics:
        """Read the whole document."""
        tables = {name: self._table(document, name) for name in ENTITIES}
        subject, action, resource = (self._entity(name, tables[name]) for name in ENTITIES)
        fixed_table = self._table(document, FIXED, needed=False)
        fixed = self._fixed(fixed_table, document.get(FIXED))
        for name in document:
            if name not in (*ENTITIES, FIXED):
                self._fault(f"[{name}]: is not a table here", nearest(name, (*ENTITIES, FIXED)))
        for table in (*tables.values(), fixed_table):
            table.refuse_the_rest()
        self._check_complete()
        if self._faults:
            return in_order(self._faults, (FILE,))
        return AuthzenMapping(subject, action, resource, fixed)

    def _table(self, document: Mapping[str, object], name: str, *, needed: bool = True) -> Table:
        values = document.get(name, {})
        if not isinstance(values, Mapping) or (needed and name not in document):
            self._fault(f"[{name}]: this table is missing")
            values = {}
        return Table(FILE, name, values, self._faults)

    def _entity(self, name: EntityName, table: Table) -> Entity:
        kind = None
        if name != "action":
            kind = table.text("type")
            if len(kind) > _LONGEST_TYPE:
                table.fault("type", f"is longer than {_LONGEST_TYPE} characters")
        key = "name" if name == "action" else "id"
        path = table.text(key)
        if path:
            self._check_key(table, key, path)
        properties = table.labels("properties")
        for own, target in properties.items():
            self._field(table, f"properties.{own}", target)
        return Entity(name, kind, path, properties)

    def _fixed(self, table: Table, values: object) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for path in values if isinstance(values, Mapping) else ():
            value = table.text(path)
            field = self._field(table, path, path)
            if field is None:
                continue
            domain = self._vocabulary.domains[field.domain]
            if value not in domain.values:
                table.fault(path, f"`{value}` is not a value of `{domain.name}`", nearest(value, domain.values))
            found[path] = value
        return found

    def _check_key(self, table: Table, key: str, path: str) -> None:
        """What an id fills can be searched for: a choice, in the flow itself."""
        field = self._field(table, key, path)
        if field is None:
            return
        if not path.startswith(FLOW):
            table.fault(key, f"`{path}` is not a field of the flow", f"a path that starts with `{FLOW}`")
        if self._vocabulary.domains[field.domain].kind != "keuze":
            table.fault(key, f"`{path}` is not a choice", "a search goes through its values")

    def _field(self, table: Table, key: str, path: str) -> InputField | None:
        """Find the field at a path; None after a fault."""
        field = self._fields.get(path)
        if field is None:
            table.fault(key, f"`{path}` is no field of the question", nearest(path, self._fields))
            return None
        if field.domain not in self._vocabulary.domains or _is_deep(path):
            table.fault(key, f"`{path}` does not hold one value of a domain")
            return None
        if path in self._taken:
            table.fault(key, f"`{path}` is filled already", f"by {self._taken[path]}")
        self._taken.setdefault(path, f"[{table.key}] {key}")
        return field

    def _check_complete(self) -> None:
        for path, field in self._fields.items():
            # A field of an object inside the flow is required only where that object is given.
            own = path.startswith(FLOW) and "." not in path.removeprefix(FLOW)
            if own and field.required and path not in self._taken:
                self._fault(f"`{path}` is required, and nothing fills it", f"a property, or a value under [{FIXED}]")

    def _fault(self, message: str, help_line: str = "") -> None:
        self._faults.append(Diagnostic(_CODE, message, whole_file(FILE), help_line))


def _is_deep(path: str) -> bool:
    """Whether a path leads into a list or a map, other than the flow and a list of plain values."""
    inner = path.removeprefix(FLOW).removesuffix("[]")
    return "[" in inner or "{" in inner
