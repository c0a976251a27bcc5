"""How a request of OpenID AuthZEN becomes a question: which of its places fills which field.

Goes in: what `facts/authzen.toml` says, as app/store read it. Comes out: a frozen `AuthzenMapping`.
Must not know: files, HTTP, or what any field means.

A policy set that has no such mapping offers no AuthZEN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

EntityName = Literal["subject", "action", "resource"]
ENTITIES: Final[tuple[EntityName, ...]] = ("subject", "action", "resource")


@dataclass(frozen=True, slots=True)
class Entity:
    """What a subject, action or resource stands for.

    `type`: the one type it may have; None for an action, which has none. `field`: the path of the field that its id
    (of an action its name) fills. `properties`: per property the path of the field it fills.
    """

    name: EntityName
    type: str | None
    field: str
    properties: Mapping[str, str]

    @property
    def key(self) -> str:
        """The member that tells it apart from others of its type."""
        return "id" if self.type is not None else "name"

    def places(self) -> Iterator[tuple[str, str]]:
        """Go through its places in a request, each with the field it fills."""
        yield f"{self.name}.{self.key}", self.field
        for name, path in self.properties.items():
            yield f"{self.name}.properties.{name}", path


@dataclass(frozen=True, slots=True)
class AuthzenMapping:
    """The three entities, and `fixed`: fields that have one value for every request."""

    subject: Entity
    action: Entity
    resource: Entity
    fixed: Mapping[str, str]

    @property
    def entities(self) -> tuple[Entity, Entity, Entity]:
        """All three, in the order of `ENTITIES`."""
        return self.subject, self.action, self.resource

    def places(self) -> Iterator[tuple[str, str]]:
        """Go through all places in a request, each with the field it fills."""
        for entity in self.entities:
            yield from entity.places()

    def filled(self) -> tuple[str, ...]:
        """The paths of all fields that do not come from the casus itself."""
        return (*(path for _, path in self.places()), *self.fixed)
