"""A caller in TypeScript: types made by openapi-typescript, checked by tsc; it asks the README's question."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.callers.conftest import DOCUMENTS, Published
from tests.callers.tools import node_tools, run

_STRICT: Final = {
    "strict": True,
    "exactOptionalPropertyTypes": True,
    "noUncheckedIndexedAccess": True,
    "target": "es2022",
    "lib": ["es2022", "dom"],
    "types": [],
    "module": "nodenext",
    "moduleResolution": "nodenext",
}
ADVIES: Final = """
import createClient from "openapi-fetch";
import type { components, paths } from "./advies.js";

type Vraag = components["schemas"]["Vraag"];
const alleenLeeftijd: Vraag = { jongere: { leeftijd: 18 } };
const metNull: Vraag = { kenmerk: null, jongere: { leeftijd: null } };
const vraag: Vraag = %(question)s;

const client = createClient<paths>({ baseUrl: "%(url)s/v1" });
const antwoorden = [];
for (const body of [vraag, alleenLeeftijd, metNull]) {
  const { data, error } = await client.POST("/advies", { body });
  if (error) throw new Error(error.detail);
  antwoorden.push(data);
}
const oordeel: "toegestaan" | "onder_voorwaarden" | "alleen_met_toestemming" | "niet_toegestaan" | undefined =
  antwoorden[0]?.adviezen[0]?.oordeel;
const nieuwWoord: components["schemas"]["DelingVraag"]["ontvanger"] = "een_partij_die_er_later_bij_komt";
console.log(JSON.stringify({ oordeel, aantal: antwoorden.length, nieuwWoord }));
"""
AUTHZEN: Final = """
import createClient from "openapi-fetch";
import type { components, paths } from "./authzen.js";

const vraag: components["schemas"]["Evaluatie"] = %(question)s;
const client = createClient<paths>({ baseUrl: "%(url)s/access/v1" });
const { data, error } = await client.POST("/evaluation", { body: vraag });
if (error) throw new Error(error.detail);
console.log(JSON.stringify({ decision: data.decision, reden: data.context?.reason_user?.nl }));
"""


@pytest.fixture
def project(published: Published, tmp_path: Path) -> Path:
    """A folder with the types of both descriptions and where to find packages."""
    tools = node_tools()
    (tmp_path / "node_modules").symlink_to(tools.parent, target_is_directory=True)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": _STRICT}), encoding="utf-8")
    for name in DOCUMENTS:
        run([str(tools / "openapi-typescript"), str(published.file(name)), "-o", f"{name}.ts"], tmp_path)
    return tmp_path


def compiled(project: Path, script: str) -> None:
    (project / "vraag.ts").write_text(script, encoding="utf-8")
    run([str(node_tools() / "tsc"), "-p", "."], project)


def test_the_readmes_question_compiles_and_is_answered(project: Path, published: Published, question: Any) -> None:
    compiled(project, ADVIES % {"question": json.dumps(question), "url": published.url})

    said = json.loads(run(["node", "vraag.js"], project))
    assert said == {"oordeel": "toegestaan", "aantal": 3, "nieuwWoord": "een_partij_die_er_later_bij_komt"}


def test_an_evaluation_compiles_and_is_answered(project: Path, published: Published) -> None:
    document = json.loads(published.file("authzen").read_text(encoding="utf-8"))
    body = document["paths"]["/evaluation"]["post"]["requestBody"]["content"]["application/json"]
    example = next(iter(body["examples"].values()))["value"]
    compiled(project, AUTHZEN % {"question": json.dumps(example), "url": published.url})

    said = json.loads(run(["node", "vraag.js"], project))
    assert said["decision"] is True
    assert said["reden"]


def test_a_word_that_no_question_may_hold_does_not_compile(project: Path, published: Published, question: Any) -> None:
    """So the types do check something."""
    wrong = {**question, "delingen": [{**question["delingen"][0], "ontvanger": "iemand"}]}
    (project / "vraag.ts").write_text(ADVIES % {"question": json.dumps(wrong), "url": published.url}, encoding="utf-8")

    said = run([str(node_tools() / "tsc"), "-p", "."], project, codes=(1, 2))
    assert re.search(r"vraag\.ts.*'\"iemand\"' is not assignable", said)
