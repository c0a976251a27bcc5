"""Callers in Python: clients made by openapi-python-client and models by datamodel-code-generator, typed and used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.callers.conftest import DOCUMENTS, Published
from tests.callers.tools import python_tools, run

ASK: Final = """
import json, sys

from advies_client import AuthenticatedClient
from advies_client.api.advies import geef_advies
from advies_client.models import Advies, Vraag

question = json.loads(sys.argv[2])
with AuthenticatedClient(base_url=sys.argv[1], token="lokaal") as client:
    answer = geef_advies.sync(client=client, body=Vraag.from_dict(question))
assert isinstance(answer, Advies), answer
print(json.dumps([one.oordeel for one in answer.adviezen]))
"""
ASK_AUTHZEN: Final = """
import json, sys

from authzen_client import AuthenticatedClient
from authzen_client.api.authzen import evalueer
from authzen_client.models import Besluit, Evaluatie

with AuthenticatedClient(base_url=sys.argv[1], token="lokaal") as client:
    answer = evalueer.sync(client=client, body=Evaluatie.from_dict(json.loads(sys.argv[2])))
assert isinstance(answer, Besluit), answer
print(json.dumps(answer.decision))
"""
READ: Final = """
import sys

from advies_models import Advies, Vraag

print(Vraag.model_validate_json(sys.argv[1]).model_dump_json(exclude_unset=True))
print(Advies.model_validate_json(sys.argv[2]).adviezen[0].oordeel.value)
"""


@pytest.fixture(scope="session")
def clients(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a client package per description, made without a warning."""
    folder = tmp_path_factory.mktemp("clients")
    (folder / "config.yaml").write_text("post_hooks: []\n", encoding="utf-8")
    for name in DOCUMENTS:
        command = [str(python_tools() / "openapi-python-client"), "generate", "--path", str(published.file(name))]
        options = ["--meta", "none", "--output-path", f"{name}_client", "--config", "config.yaml", "--fail-on-warning"]
        run([*command, *options], folder)
    return folder


@pytest.fixture(scope="session")
def models(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a module of pydantic models per description."""
    folder = tmp_path_factory.mktemp("models")
    for name in DOCUMENTS:
        command = [str(python_tools() / "datamodel-codegen"), "--input", str(published.file(name))]
        options = ["--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel", "--use-annotated"]
        target = ["--target-python-version", "3.11", "--formatters", "builtin", "--output", f"{name}_models.py"]
        run([*command, *options, *target], folder)
    return folder


def types_of(folder: Path, *names: str) -> None:
    run([str(python_tools() / "mypy"), "--cache-dir", str(folder / ".mypy_cache"), *names], folder)


def asked(folder: Path, script: str, *arguments: str) -> str:
    (folder / "vraag.py").write_text(script, encoding="utf-8")
    types_of(folder, "vraag.py")
    return run([str(python_tools() / "python"), "vraag.py", *arguments], folder)


def test_clients_are_typed(clients: Path) -> None:
    types_of(clients, *(f"{name}_client" for name in DOCUMENTS))


def test_models_are_typed(models: Path) -> None:
    types_of(models, *(f"{name}_models.py" for name in DOCUMENTS))


def test_a_client_asks_the_readmes_question(clients: Path, published: Published, question: Any) -> None:
    said = asked(clients, ASK, f"{published.url}/v1", json.dumps(question))
    assert json.loads(said) == ["toegestaan"]


def test_a_client_asks_an_evaluation(clients: Path, published: Published) -> None:
    document = json.loads(published.file("authzen").read_text(encoding="utf-8"))
    body = document["paths"]["/evaluation"]["post"]["requestBody"]["content"]["application/json"]
    example = next(iter(body["examples"].values()))["value"]
    assert json.loads(asked(clients, ASK_AUTHZEN, f"{published.url}/access/v1", json.dumps(example))) is True


def test_models_read_a_question_and_its_answer(models: Path, published: Published, question: Any) -> None:
    status, answer = published.service.ask("POST", "/v1/advies", json.dumps(question).encode())
    assert status == 200
    lines = asked(models, READ, json.dumps(question), answer.decode()).splitlines()
    assert json.loads(lines[0]) == question
    assert lines[1] == "toegestaan"


def test_models_read_an_answer_with_a_word_that_was_added_later(
    models: Path, published: Published, question: Any
) -> None:
    _, text = published.service.ask("POST", "/v1/advies", json.dumps(question).encode())
    answer = json.loads(text)
    (flow,) = answer["adviezen"]
    flow["verplichtingen"].append("een_nieuwe_plicht")
    flow["deling"]["ontvanger"] = "een_nieuwe_partij"
    flow["grondslagen"][0]["grondslag"] = "een_nieuwe_grond"
    answer["taken"][0]["aard"] = "een_nieuwe_aard"
    answer["iets_nieuws"] = 1
    assert asked(models, READ, json.dumps(question), json.dumps(answer)).splitlines()[1] == "toegestaan"
