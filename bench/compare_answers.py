"""`python -m bench.compare_answers REV`: whole answers of this tree beside those of another commit.

Goes in: a commit (or a folder with a checkout), and how many changed scenarios to ask. Comes out: per kind of
difference in how many answers it shows, with an example; exit 1 when anything but a text differs.
Must not know: what any field means, but for the list of those that are texts.

Both trees answer the same questions, each with its own law: every scenario, and scenarios changed at random.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.composition import compose
from app.settings import Settings
from bench.cases import FLOW, questions

ROOT = Path(__file__).resolve().parent.parent
TEXTS = re.compile(r"\.(toelichting|uitleg|vraag|melding)$|\.afleiding(\.|$)")
"""The paths of texts, which may differ where nothing is decided otherwise."""
CHOICE = "ontbrekend, as small a set"
ABSENT = "(absent)"
ORDER = ", in another order"
_NOT_COMPARED = ("id", "beleid")


def differences(left: Any, right: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield where two plain JSON values differ: the path without numbers, and the two values.

    The two parts of an `afleiding` are compared as a whole each: proofs are deep, and differ in many places at once.

    >>> list(differences({"a": [{"b": 1}]}, {"a": [{"b": 2}]}))
    [('.a.b', 1, 2)]
    """
    if left == right:
        return
    if path.endswith(".afleiding"):
        yield from _parts(left, right, path)
    elif isinstance(left, dict) and isinstance(right, dict):
        names = dict.fromkeys((*left, *right))
        for name in (one for one in names if path or one not in _NOT_COMPARED):
            yield from differences(left.get(name, ABSENT), right.get(name, ABSENT), f"{path}.{name}")
    elif path.endswith(".ontbrekend"):
        yield (CHOICE if len(left) == len(right) else path), left, right
    elif isinstance(left, list) and isinstance(right, list) and _sorted(left) == _sorted(right):
        yield f"{path}{ORDER}", left, right
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for one, other in zip(left, right, strict=True):
            yield from differences(one, other, path)
    else:
        yield path, left, right


def _parts(left: Any, right: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    for part in dict.fromkeys((*left, *right)):
        one, other = left.get(part), right.get(part)
        if one != other:
            yield f"{path}.{part}{ORDER if _sorted(one) == _sorted(other) else ''}", one, other


def is_text(path: str) -> bool:
    """Whether a path leads to words only, or to a choice between missing facts that are as few."""
    return path == CHOICE or path.endswith(ORDER) or TEXTS.search(path) is not None


def _sorted(value: Any) -> Any:
    """The value with every list in it sorted, so that values that differ in order alone are equal."""
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=lambda one: json.dumps(one, sort_keys=True))
    return {name: _sorted(one) for name, one in value.items()} if isinstance(value, dict) else value


class Comparison:
    """Counts the kinds of differences between answers, and keeps the first examples of each."""

    def __init__(self, examples: int) -> None:
        self._most = examples
        self.answers = 0
        self.same = 0
        self.kinds: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}

    def add(self, question: str, left: Mapping[str, Any], right: Mapping[str, Any]) -> None:
        """Compare two answers to one question."""
        self.answers += 1
        found: dict[str, tuple[Any, Any]] = {}
        for path, one, other in differences(left, right):
            found.setdefault(path, (one, other))
        self.same += not found
        for path, (one, other) in found.items():
            self.kinds[path] += 1
            kept = self.examples.setdefault(path, [])
            if len(kept) < self._most:
                kept.append(f"      {question}\n    - {_short(one)}\n    + {_short(other)}")

    @property
    def decided_alike(self) -> bool:
        """Whether all that differs is words."""
        return all(is_text(path) for path in self.kinds)

    def report(self) -> Iterator[str]:
        """Write what differs, what is decided otherwise first."""
        yield f"{self.answers} answers, {self.same} the same to the byte"
        for path, count in sorted(self.kinds.items(), key=lambda kind: (is_text(kind[0]), -kind[1], kind[0])):
            yield f"{'words  ' if is_text(path) else 'DECIDED'} {count:6} {path.removeprefix('.')}"
            yield from self.examples[path]
        yield "decided alike" if self.decided_alike else "decided otherwise"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 700 else f"{text[:700]}… ({len(text)} characters)"


def asked(count: int) -> list[str]:
    """Every scenario's question, and this many changed ones, each as JSON text and each once."""
    composed = compose(Settings())
    composed.queries.close()
    plain = [{name: value for name, value in one.vraag.items() if name != "kenmerk"} for one in composed.scenarios]
    own = [question for question in plain if question.get(FLOW)]
    changed = islice(questions(own, composed.book.policies.vocabulary), len(own), len(own) + count)
    texts = [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in (*plain, *changed)]
    return list(dict.fromkeys(texts))


@contextmanager
def tree_of(revision: str, folder: Path) -> Iterator[Path]:
    """A checkout of a revision, thrown away afterwards; a folder that is one stays as it is."""
    if (Path(revision) / "app").is_dir():
        yield Path(revision).resolve()
        return
    place = folder / "tree"
    _git("worktree", "add", "--detach", "--quiet", str(place), revision)
    try:
        yield place
    finally:
        _git("worktree", "remove", "--force", str(place))


def _git(*arguments: str) -> None:
    subprocess.run(("git", "-C", str(ROOT), *arguments), check=True)


def start(tree: Path, asked_of: Path, answers: Path) -> subprocess.Popen[bytes]:
    """Have one tree answer the questions, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = (sys.executable, "-P", str(ROOT / "bench" / "answers.py"), str(asked_of), str(answers))
    return subprocess.Popen(command, cwd=tree, env=environment)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.compare_answers", description=__doc__)
    parser.add_argument("revision", help="the commit (or a folder with a checkout) to compare with")
    parser.add_argument("--casussen", type=int, default=2000, help="scenarios changed at random, besides all scenarios")
    parser.add_argument("--examples", type=int, default=1, help="examples to show of each kind of difference")
    chosen = parser.parse_args(arguments)
    comparison = Comparison(chosen.examples)
    with TemporaryDirectory() as made:
        folder = Path(made)
        questions_file = folder / "questions.jsonl"
        lines = asked(chosen.casussen)
        questions_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        with tree_of(chosen.revision, folder) as other:
            files = [folder / "other.jsonl", folder / "own.jsonl"]
            running = [start(tree, questions_file, file) for tree, file in zip((other, ROOT), files, strict=True)]
            codes = [one.wait() for one in running]
            if any(codes):
                return 2
        before, after = (file.open(encoding="utf-8") for file in files)
        with before, after:
            for question, one, another in zip(lines, before, after, strict=True):
                comparison.add(question, json.loads(one), json.loads(another))
    print("\n".join(comparison.report()))
    return 0 if comparison.decided_alike else 1


if __name__ == "__main__":
    sys.exit(main())
