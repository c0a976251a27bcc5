"""The rules of the house that no other tool keeps."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.advice import contract
from app.lang import check_norms
from app.settings import Settings
from app.store.policies import read_policies

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "app").rglob("*.py"))
IDS = [str(path.relative_to(ROOT)) for path in MODULES]
CONTRACT_INPUT = {"deling", "peildatum", "leeftijd", "geboortedatum"}
"""Predicates that are also words of the question itself."""
JSON_WORDS = {"grondslag", "oordeel", "doel", "gegeven", "taak", "partij", "verstrekker", "ontvanger", "inhoud", "bij"}
"""Names of fields in the question and the answer, some of which are also a predicate."""


def predicates_of_the_law() -> set[str]:
    settings = Settings()
    vocabulary = read_policies(settings.facts, settings.policies).vocabulary
    spoken = {value for name, value in vars(contract).items() if name.isupper() and isinstance(value, str)}
    return set(vocabulary.predicates) - spoken - CONTRACT_INPUT - JSON_WORDS


def strings_in(path: Path) -> set[str]:
    """Every string in a module's code; docstrings and descriptions hold spaces and do not match a name."""
    return {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_python_never_spells_a_predicate_of_the_law(path: Path) -> None:
    law = predicates_of_the_law()
    assert len(law) > 50

    assert not law & strings_in(path)


def test_the_checks_on_norms_speak_the_words_of_the_contract() -> None:
    """The language knows nothing of the advice, so it spells these itself."""
    spoken = (check_norms.GROUND, check_norms.STEP, *check_norms.FLOWS)
    assert spoken == (contract.GRONDSLAG, contract.STAP, contract.REGELT, contract.BETREFT)


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_no_module_is_over_400_lines_and_each_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 400
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring
    if path.name != "__init__.py":
        assert "Goes in:" in docstring, "a module docstring says what goes in, comes out and must not be known"


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_no_function_is_over_50_lines(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_imports_flow_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_service_alone_is_installed_with_its_command_and_nothing_that_is_not_pinned() -> None:
    """Every document writes `deelwijzer …`, also for who only runs the service."""
    # Under `make test` this is a make within a make, which would speak of that.
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "--no-print-directory", "--dry-run", "--always-make", "serve"]
    said = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=True).stdout
    installs = [line for line in said.splitlines() if " install " in line]

    assert [line for line in installs if "--require-hashes" not in line] == [installs[-1]]
    assert installs[-1].endswith("install --no-deps --no-build-isolation --editable .")
    assert "deelwijzer serve" in said.splitlines()[-1]


def test_one_package_has_one_version_in_all_requirements() -> None:
    versions: dict[str, set[str]] = {}
    for path in ROOT.glob("requirements*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            name, pinned, version = line.rstrip("\\ ").partition("==")
            if pinned and not line.startswith((" ", "#")):
                versions.setdefault(name, set()).add(version)
    assert len(versions) > 50
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_requirements_name_no_address_and_pin_everything() -> None:
    for name in ("requirements.txt", "requirements-build.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if "://" in line or line.startswith("-")]
        packages = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert packages
        assert all("==" in line and line.endswith("\\") for line in packages)
