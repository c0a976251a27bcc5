"""What the documentation says is so: its question is answered as printed, and nothing is left out.

`python -m tests.contract.test_docs` writes the README's answer anew; review it by its diff.
"""

from __future__ import annotations

import ast
import asyncio
import json
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.routing import Route

import app.cli
from app.composition import compose
from app.lang.checks import CHECKS
from app.main import create_app
from app.rehearsal import rehearse
from app.settings import VARIABLES, VERSION, Settings, Variable
from app.web import openapi_log
from app.web.adviezen import MOST
from app.web.problems import TITLES

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
API = ROOT / "docs" / "api.md"
RULES = ROOT / "docs" / "rule-language.md"
NORMS = ROOT / "docs" / "how-to-add-a-norm.md"
DOCUMENTS = sorted(path for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "adr") for path in folder.glob("*.md"))
WIDTH = 118
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_PLACED = re.compile(
    r"^In `([^`]+)`(?:, (?:under|at the end of) `\[([^`\]]+)\]`)?:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def blocks(document: Path, language: str) -> list[str]:
    """Return the code blocks of a language."""
    return [text for name, text in _BLOCK.findall(document.read_text(encoding="utf-8")) if name == language]


def layout(value: Any, indent: str = "") -> str:
    """Write JSON for people: on one line what fits on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {layout(item, inner)}" for key, item in value.items()]
        start, end = "{", "}"
    else:
        parts = [layout(item, inner) for item in value]
        start, end = "[", "]"
    return f"{start}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{end}"


def masked(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Hide what differs from one answer, or edition of the law, to the next; of sources show one article."""
    shown: dict[str, Any] = _one_source({**answer, "id": "…", "beleid": {"versie": "…", "hash": "sha256:…"}})
    return shown


def _one_source(value: Any, name: str = "") -> Any:
    if name == "bronnen" and len(value) > 1:
        return [next((one for one in value if one["juriconnect"]), value[0]), "…"]
    if isinstance(value, dict):
        return {key: _one_source(item, key) for key, item in value.items()}
    return [_one_source(item) for item in value] if isinstance(value, list) else value


def curl_request(command: str) -> tuple[str, dict[str, str], str]:
    """Read a curl command: path, headers and body; anything it may not hold is an error."""
    words = iter(shlex.split(command))
    assert next(words) == "curl"
    url, headers, body = "", {}, ""
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif word != "-s":
            assert not url, f"{word} is no option this reader knows"
            url = word
    assert url.startswith("http://127.0.0.1:8000/")
    return url.removeprefix("http://127.0.0.1:8000"), headers, body


def post(app: FastAPI, path: str, headers: Mapping[str, str], body: str) -> dict[str, Any]:
    """Ask the service, in this process."""

    async def send() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:8000") as client:
            return await client.post(path, headers=headers, content=body.encode())

    response = asyncio.run(send())
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def advise(app: FastAPI, question: Any) -> list[dict[str, Any]]:
    """Ask for advice; return the adviezen."""
    answer = post(app, "/v1/advies", {"Content-Type": "application/json"}, json.dumps(question))
    adviezen: list[dict[str, Any]] = answer["adviezen"]
    return adviezen


def printed_request() -> tuple[str, dict[str, str], str]:
    """Read the README's question."""
    (command,) = [text for text in blocks(README, "sh") if text.startswith("curl ")]
    return curl_request(command)


@pytest.fixture(scope="module")
def service() -> FastAPI:
    return create_app()


def test_the_readme_question_is_answered_as_printed(service: FastAPI) -> None:
    (printed,) = blocks(README, "json")
    answer = post(service, *printed_request())
    assert layout(masked(answer)) + "\n" == printed
    assert answer["adviezen"][0]["oordeel"] == "toegestaan"


def test_the_readme_says_the_answer_in_short(service: FastAPI) -> None:
    (advies,) = post(service, *printed_request())["adviezen"]
    short = README.read_text(encoding="utf-8").partition("In short:")[2].partition("```json")[0]
    (ground,) = advies["grondslagen"]
    source = ground["bronnen"][0]

    assert f"`{advies['oordeel']}`" in short
    assert f"`{ground['grondslag']}`" in short
    assert f"norm {ground['norm']}." in short
    assert f"{source['titel']}, {source['artikel']}." in short
    assert advies["verplichtingen"] == ["jongere_informeren", "motiveren", "vastleggen"], "the three that it tells"


def test_the_readme_question_without_agreement_is_answered_as_described(service: FastAPI) -> None:
    question = json.loads(printed_request()[2])
    del question["overgangsdocument"]["akkoord_jongere"]
    (advies,) = advise(service, question)
    assert advies["oordeel"] == "onder_voorwaarden"
    assert [one["feit"] for one in advies["ontbrekend"]] == ["overgangsdocument.akkoord_jongere"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_resolve(document: Path) -> None:
    text = _BLOCK.sub("", document.read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        if link.startswith("https://"):
            continue
        target, _, anchor = link.partition("#")
        place = (document.parent / target).resolve() if target else document
        assert place.exists(), f"{document.name}: {link}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", place.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, f"{document.name}: {link}"


def slug(heading: str) -> str:
    """Return the anchor a heading gets."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \| (.*?) \|$", text, re.MULTILINE)
    assert rows == [(one.name, default_of(one), one.expected, one.meaning) for one in VARIABLES]
    assert {one.field for one in VARIABLES} == set(Settings.__dataclass_fields__), "every setting can be given"


def default_of(variable: Variable) -> str:
    """Return a setting's default as the table shows it: paths from the root of the project, nothing as a dash."""
    value = getattr(Settings(), variable.field)
    if value in (None, "", ()):
        return "–"
    return f"`{str(value).replace(f'{ROOT}/', '')}`"


def codes() -> set[str]:
    """Return the codes of all diagnostics that app/lang and app/kern can give."""
    found: set[str] = set()
    for path in sorted(path for folder in ("lang", "kern") for path in (ROOT / "app" / folder).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            first: ast.expr | None = None
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name == "Diagnostic" or (name == "fault" and path.name == "layout.py"):
                    first = node.args[0]
            elif path.name == "tokens.py" and isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                first = node.value.elts[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def test_every_diagnostic_code_is_documented() -> None:
    table = RULES.read_text(encoding="utf-8").partition("## Every check")[2]
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))
    assert len(codes()) > len(CHECKS)
    assert documented == codes()


def test_every_route_is_documented(service: FastAPI) -> None:
    routes = {
        (method, route.path_format)
        for route in service.routes
        if isinstance(route, Route)
        for method in route.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }
    documented = set(re.findall(r"`(GET|POST) (/[^`?]*)`", API.read_text(encoding="utf-8")))
    assert documented == routes


def test_every_field_of_the_question_is_documented() -> None:
    fields = tomllib.loads((ROOT / "facts" / "casus.toml").read_text(encoding="utf-8"))
    # "toestemmingen" beside "toestemmingen[]" stands for an entry still to be added.
    paths = {path for path in fields if f"{path}[]" not in fields}
    question = API.read_text(encoding="utf-8").partition("## The question")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \|", question, re.MULTILINE)
    assert {path for row in rows for path in re.findall(r"`([^`]+)`", row)} == paths


def test_every_part_of_the_answer_is_documented(service: FastAPI) -> None:
    answer = API.read_text(encoding="utf-8").partition("## The answer")[2]
    words = {word for code in re.findall(r"`([^`]+)`", answer) for word in re.findall(r"\w+", code)}
    assert set(_names(post(service, *printed_request()))) <= words


def test_every_field_of_a_search_and_of_what_it_finds_is_documented() -> None:
    section = API.read_text(encoding="utf-8").partition("## Earlier advices")[2].partition("\n## ")[0]
    words = {word for code in re.findall(r"`([^`]+)`", section) for word in re.findall(r"\w+", code)}
    for name in (openapi_log.SEARCH, openapi_log.FOUND, "GegevenAdvies"):
        assert set(openapi_log.SCHEMAS[name]["properties"]) <= words
    assert f"1 to {MOST}; {MOST} when left out" in section


def test_every_status_is_documented() -> None:
    errors = API.read_text(encoding="utf-8").partition("## Errors")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ((?:\d{3}(?:, )?)+) \|", errors, re.MULTILINE)
    assert {int(status) for row in rows for status in row.split(", ")} == set(TITLES)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)


def test_every_command_that_is_printed_can_be_given() -> None:
    parse = app.cli._parser().parse_args
    given = []
    for document in (*DOCUMENTS, ROOT / "compose.yaml", ROOT / "deploy" / "kubernetes.yaml"):
        text = document.read_text(encoding="utf-8")
        if document.suffix == ".md":
            text = "\n".join(
                block for _, block in re.findall(r"^( *)```\w*\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
            )
        given += re.findall(r"^[ #]*(?:.*(?:exec|--) (?:\w+ )?)?deelwijzer ([a-z-].*)$", text, re.MULTILINE)
    assert len(given) > 6
    for words in (shlex.split(line) for line in given):
        joined = [app.cli.RELOAD, *words[2:]] if " ".join(words[:2]) == app.cli.RELOAD else words
        if "--help" not in joined:
            parse(joined)


def test_the_architecture_names_what_is_there() -> None:
    """Every file and type it names exists, and every module at the top and every package of app/ is named."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"((?:`\w[\w.]*`(?:, )?)+) \(`((?:\w+/)*\w+\.py)`\)", text)
    assert len(named) > 30
    for names, file in named:
        tree = ast.parse((ROOT / "app" / file).read_text(encoding="utf-8"))
        known = {target for node in ast.walk(tree) for target in _defined(node)}
        assert {part for name in re.findall(r"`([^`]+)`", names) for part in name.split(".")} <= known, file
    layers = text.partition("## Layers")[2].partition("\n## ")[0]
    modules = {f"app/{path.name}" for path in (ROOT / "app").glob("*.py") if path.name != "__init__.py"}
    packages = {f"app/{path.parent.name}" for path in (ROOT / "app").glob("*/__init__.py")}
    assert modules | packages <= set(re.findall(r"`(app/[\w.]+)`", layers))
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert all(f"`{name}`" in text for name in folders)


def _defined(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def test_the_changelog_starts_with_this_version() -> None:
    versions = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == VERSION


def test_what_the_walk_adds_works(tmp_path: Path) -> None:
    """All that docs/how-to-add-a-norm.md adds, in a copy of the law: every scenario gets the answer it states."""
    for folder in ("facts", "policies"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    additions = _PLACED.findall(NORMS.read_text(encoding="utf-8"))
    assert len(additions) >= 13
    for name, section, text in additions:
        add(tmp_path / name, section, text)
    composed = compose(Settings(facts=tmp_path / "facts", policies=tmp_path / "policies", log_url="geen"))
    added = [one for one in composed.scenarios if "vbd" in one.id]
    assert len(added) >= 9
    assert rehearse(composed.desk, composed.scenarios) == ()
    (question,) = blocks(NORMS, "json")
    (advies,) = composed.desk.answer_value(json.loads(question))["adviezen"]
    assert advies["oordeel"] == "onder_voorwaarden"
    assert [one["feit"] for one in advies["ontbrekend"]] == ["jongere.vbd_heeft_rijbewijs"]


def test_the_walk_says_which_rows_of_the_api_it_adds() -> None:
    fields = tomllib.loads(
        "".join(
            text for name, _, text in _PLACED.findall(NORMS.read_text(encoding="utf-8")) if name.endswith("casus.toml")
        )
    )
    (row,) = blocks(NORMS, "markdown")
    assert [path for path in fields if f"`{path}`" in row] == list(fields)


def add(path: Path, section: str, text: str) -> None:
    """Add text at the end of a section, or of the file; not again where somebody took the walk."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if text in old:
        return
    if section:
        assert old.count(f"[{section}]\n") == 1
        before, heading, after = old.partition(f"[{section}]\n")
        lines, blank, rest = after.partition("\n\n")
        path.write_text(f"{before}{heading}{lines}\n{text}{blank[1:]}{rest}", encoding="utf-8")
    else:
        path.write_text(f"{old}\n{text}", encoding="utf-8")


def rewrite() -> None:
    """Write the README's answer anew."""
    answer = layout(masked(post(create_app(), *printed_request())))
    old = README.read_text(encoding="utf-8")
    README.write_text(
        re.sub(r"^```json\n.*?^```$", lambda _: f"```json\n{answer}\n```", old, flags=re.MULTILINE | re.DOTALL),
        encoding="utf-8",
    )


if __name__ == "__main__":
    rewrite()
