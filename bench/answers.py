"""Write the answer to every question of a file: one JSON line in, one out.

Goes in: a file of questions and the file to write. Comes out: per line an answer, or why it was refused.
Must not know: what the answers are for. It runs inside the tree whose answers are wanted (another commit's, too), so it
uses nothing of that tree but the parts that put a law together and answer by it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from app.advice.question.extras import Extras
from app.composition import compose
from app.settings import Settings
from app.web.problems import Problem


def answer_all(questions: Path, answers: Path) -> None:
    """Answer every question with its explanation."""
    composed = compose(Settings())
    with answers.open("w", encoding="utf-8") as out:
        for line in questions.read_text(encoding="utf-8").splitlines():
            try:
                found: Any = composed.desk.answer_value(json.loads(line), extras=Extras(uitleg=True))
            except Problem as problem:
                fouten = [one.as_json() for one in problem.fouten]
                found = {"geweigerd": {"status": problem.status, "fouten": fouten}}
            out.write(json.dumps(found, ensure_ascii=False, sort_keys=True) + "\n")
    composed.queries.close()


if __name__ == "__main__":
    answer_all(Path(sys.argv[1]), Path(sys.argv[2]))
