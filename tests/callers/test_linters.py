"""The descriptions as linters of the outside world see them: Spectral with the NLGov rules, and Redocly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.callers.conftest import Published
from tests.callers.tools import HERE, node_tools, run

Json = dict[str, Any]


def spectral(file: Path) -> list[str]:
    """Return the rule of every fault and warning."""
    command = [str(node_tools() / "spectral"), "lint", "--ruleset", str(HERE / "spectral.yaml"), "--format", "json"]
    found = run([*command, "--quiet", str(file)], file.parent, codes=(0, 1))
    return [f"{one['code']} {'/'.join(map(str, one['path']))}: {one['message']}" for one in json.loads(found or "[]")]


def test_spectral_finds_nothing(described: Path) -> None:
    assert spectral(described) == []


def test_redocly_finds_nothing(described: Path) -> None:
    command = [str(node_tools() / "redocly"), "lint", "--config", str(HERE / "redocly.yaml"), "--format", "json"]
    found = json.loads(run([*command, str(described)], described.parent))
    assert found["problems"] == []


def drop(*path: str) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        here = document
        for name in path[:-1]:
            here = here[name]
        del here[path[-1]]

    return change


def rename(old: str, new: str) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        document["paths"] = {path.replace(old, new): one for path, one in document["paths"].items()}

    return change


def put(value: Any, *path: str) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        here: Any = document
        for name in path[:-1]:
            here = here[int(name)] if isinstance(here, list) else here[name]
        here[path[-1]] = value

    return change


BROKEN: dict[str, Callable[[Json], None]] = {
    "core-doc-openapi": put("2.0.0", "openapi"),
    "core-doc-openapi-contact": drop("info", "contact", "email"),
    "core-publish-openapi": rename("/openapi.json", "/beschrijving"),
    "core-semver": put("1.0", "info", "version"),
    "core-uri-version": put("/", "servers", "0", "url"),
    "core-transport-tls": put("http://x.example/v1", "servers", "0", "url"),
    "core-version-header": drop("components", "responses", "Probleem406", "headers", "API-Version"),
    "core-no-trailing-slash": rename("/woorden", "/woorden/"),
    "core-path-segments-kebab-case": rename("/adviezen/_zoek", "/_adviezen/zoekOp"),
    "core-query-keys-camel-case": put("Uit_leg", "paths", "/advies", "post", "parameters", "0", "name"),
    "core-http-methods": put({"responses": {}}, "paths", "/advies", "trace"),
    "core-error-handling-problem-details": drop("components", "schemas", "Probleem", "properties", "detail"),
    "core-error-handling-invalid-input": drop("paths", "/advies", "post", "responses", "400"),
    "core-date-time-format": drop("components", "schemas", "Advies", "properties", "peildatum", "format"),
    "core-date-time-timezone": put("time", "components", "schemas", "Taak", "properties", "taak", "format"),
    "schema-names-pascal-case": put({"type": "string"}, "components", "schemas", "een_naam"),
    "oas3-valid-media-example": put(
        "2026-02-30", "paths", "/advies", "post", "requestBody", "content", "application/json", "example"
    ),
}


def test_every_rule_of_our_own_is_broken_once_here() -> None:
    own = re.findall(r"^  ([a-z-]+):$", (HERE / "spectral.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(own) == {name for name in BROKEN if not name.startswith("oas3")}


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_finds_its_fault(published: Published, tmp_path: Path, rule: str) -> None:
    document = json.loads(published.file("advies").read_text(encoding="utf-8"))
    BROKEN[rule](document)
    file = tmp_path / "kapot.json"
    file.write_text(json.dumps(document), encoding="utf-8")

    assert rule in {one.partition(" ")[0] for one in spectral(file)}
