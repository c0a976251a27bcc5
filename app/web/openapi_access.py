"""The part of the OpenAPI document about access: how callers show who they are, and what each call needs.

Goes in: the paths of the document. Comes out: the same, saying which scope each needs. Must not know: keys, tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Schema = dict[str, Any]
KEY: Final = "sleutel"
TOKEN: Final = "token"  # noqa: S105 - the name of a scheme
SCOPE: Final = "x-bevoegdheid"
"""The member of an operation that names the scope it needs."""
SCHEMES: Final[Schema] = {
    KEY: {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "Een API-sleutel van de beheerder. Mag ook als Authorization: Bearer.",
    },
    TOKEN: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": (
            "Een OAuth2-token met de bevoegdheid (scope) die bij de aanroep staat: advies om te vragen, log:lezen om "
            "eerdere adviezen te lezen, beheer om het beleid te vervangen."
        ),
    },
}
OPEN: Final = frozenset({"/openapi.json", "/beleid", "/beleid/{norm}", "/woorden", "/interpretaties", "/scenarios"})
"""What anyone may read: the law is public."""
SCOPES: Final[Mapping[str, str]] = {
    "/adviezen/_zoek": "log:lezen",
    "/adviezen/{id}": "log:lezen",
    "/beleid/_herlaad": "beheer",
}
"""What needs another scope than `advies`."""


def secured(paths: Schema, restricted: bool) -> Schema:
    """Say of every operation what it needs; where access is not configured, nothing is needed on this machine.

    The scope stands in `x-bevoegdheid` and in the description: in `security` linters take scopes for those of an
    OAuth2 flow, which a key has not.
    """
    either: list[Schema] = [{KEY: []}, {TOKEN: []}]
    for path, operations in paths.items():
        for operation in operations.values():
            operation["security"] = []
            if path not in OPEN:
                scope = SCOPES.get(path, "advies")
                operation["security"] = either if restricted else [*either, {}]
                operation[SCOPE] = scope
                operation["description"] += f" Nodig: de bevoegdheid {scope}."
    return paths
