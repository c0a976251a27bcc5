"""Reading the law from disk, and every way in which that is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.compiled import CompiledEngine
from app.lang.source_text import SourceText
from app.settings import Settings
from app.store.policies import LARGEST_FILE, MOST_FILES, PolicyFault, read_policies
from app.store.policy_book import PolicyBook
from app.store.scenarios import read_scenarios


def read(law: Settings) -> PolicyBook:
    return PolicyBook(read_policies(law.facts, law.policies), CompiledEngine())


def read_all(law: Settings) -> None:
    read_policies(law.facts, law.policies)
    read_scenarios(law.policies)


def fault_of(law: Settings) -> str:
    with pytest.raises(PolicyFault) as caught:
        read(law).prepare_all()
    return str(caught.value)


def test_the_law_has_a_version_a_hash_and_regimes(law: Settings) -> None:
    book = read(law)

    assert book.hash.startswith("sha256:")
    assert book.version == f"2026-01-01.{book.hash[7:15]}"
    assert [regime.name for regime in book.regimes_on(20251231)] == ["algemeen", "oud"]
    assert [regime.name for regime in book.regimes_on(20260101)] == ["algemeen", "nieuw"]


def test_a_date_selects_the_program_and_the_same_law_is_the_same_object(law: Settings) -> None:
    book = read(law)
    old, new = book.prepare_all()

    assert book.on(19000101) is book.on(20251231) is old
    assert book.on(20260101) is book.on(21001231) is new
    assert old is not new
    assert (book.next_change(20251231), book.next_change(20260101)) == (20260101, None)


def law_files(law: Settings) -> list[Path]:
    """Every file that is law: no scenarios, which only test it."""
    files = (*law.facts.iterdir(), *law.policies.glob("*/*.*"))
    return sorted(path for path in files if path.suffix in (".dl", ".toml"))


def test_any_change_of_any_file_of_the_law_changes_the_hash(law: Settings) -> None:
    """A comment too. Of a regime its title and its days count: nothing else of that file is read."""
    before = read_policies(law.facts, law.policies)
    files = law_files(law)
    assert len(files) > 20
    for path in files:
        text = path.read_text(encoding="utf-8")
        other = text.replace('titel = "', 'titel = "Anders ') if path.name == "regime.toml" else f"{text}\n## niets\n"
        path.write_text(other, encoding="utf-8")
        found = read_policies(law.facts, law.policies)
        assert (path, found.hash) != (path, before.hash)
        path.write_text(text, encoding="utf-8")
    assert read_policies(law.facts, law.policies).hash == before.hash


def test_the_hash_of_before_the_fingerprint_stays_what_it_was(law: Settings) -> None:
    """Logs of earlier versions keep the law under it."""
    texts = (SourceText("a.dl", "+ a(1)\n", None, 20260101),)
    small = replace(read_policies(law.facts, law.policies), sources=texts, vocabulary_texts=())

    assert small.early_hash == "sha256:85540e59547dc2219253c412078ade81cbf42043aeaf49fe4595fa165e906d4b"


def test_a_change_of_a_text_changes_the_hash_of_the_days_on_which_it_is_law(law: Settings) -> None:
    days = (20250601, 20260301)
    before = [read(law).on(day).program.hash for day in days]
    for path in (path for path in law_files(law) if path.name != "regime.toml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text}\n## niets\n", encoding="utf-8")
        now = [read(law).on(day).program.hash for day in days]
        regime = path.parent.name
        changed = [one != other for one, other in zip(before, now, strict=True)]
        assert (path, changed) == (path, [regime != "nieuw", regime != "oud"])
        path.write_text(text, encoding="utf-8")


def test_a_checkout_with_other_line_endings_is_the_same_law(law: Settings) -> None:
    before = read(law)
    for path in law_files(law):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    after = read(law)

    assert after.hash == before.hash
    assert after.on(20260301).program.hash == before.on(20260301).program.hash


def test_a_later_regime_makes_one_more_interval(law: Settings) -> None:
    folder = law.policies / "later"
    folder.mkdir()
    (folder / "regime.toml").write_text('titel = "Later"\nvanaf = 2027-08-01\ntot = 2028-08-01\n', encoding="utf-8")
    book = read(law)

    assert book.version.startswith("2027-08-01.")
    assert len(book.prepare_all()) == 4
    assert book.next_change(20260101) == 20270801
    # No rule in that folder: the same texts in force are the same program.
    assert book.on(20270101) is book.on(20270801) is book.on(20290101)


def test_law_without_any_boundary_has_one_interval(law: Settings) -> None:
    for name, line in (("oud", "tot"), ("nieuw", "vanaf")):
        path = law.policies / name / "regime.toml"
        kept = [text for text in path.read_text(encoding="utf-8").splitlines() if not text.startswith(line)]
        path.write_text("\n".join(kept), encoding="utf-8")
    book = read(law)

    assert book.policies.boundaries == ()
    assert len(book.days()) == 1
    assert book.version == book.hash[7:15]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('titel = "x"\nvanaaf = 2026-01-01', "nieuw/regime.toml: vanaaf: not known here"),
        ("vanaf = 2026-01-01", "`titel` is missing"),
        ("titel = 3", "`titel` is missing"),
        ('titel = "x"\nvanaf = "2026-01-01"', "`vanaf` must be a date"),
        ('titel = "x"\ntot = 2026-01-01T00:00:00', "`tot` must be a date"),
        ('titel = "x"\nvanaf = 2026-01-01\ntot = 2026-01-01', "must come after `vanaf`"),
        ("titel = ", "policies/nieuw/regime.toml: Invalid value"),
    ],
)
def test_a_faulty_regime_is_refused_with_its_place(law: Settings, text: str, says: str) -> None:
    (law.policies / "nieuw" / "regime.toml").write_text(text, encoding="utf-8")

    assert says in fault_of(law)


def test_faulty_rules_are_refused_all_at_once_with_the_text_underlined(law: Settings) -> None:
    for folder in ("oud", "nieuw"):
        rules = next((law.policies / folder).glob("*.dl"))
        rules.write_text(rules.read_text(encoding="utf-8") + "\nonzin(X) <= leeftjd(X, Y)\n", encoding="utf-8")

    said = fault_of(law)
    assert "policies/oud/" in said
    assert "policies/nieuw/" in said
    assert "onzin(X) <= leeftjd(X, Y)" in said
    assert "did you mean `leeftijd`?" in said


def test_a_faulty_law_is_never_used(law: Settings) -> None:
    rules = next((law.policies / "nieuw").glob("*.dl"))
    rules.write_text("onzin(", encoding="utf-8")
    book = read(law)

    with pytest.raises(PolicyFault):
        book.on(20260101)


def test_a_faulty_vocabulary_is_refused(law: Settings) -> None:
    path = law.facts / "normen.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[X-1]\ntitl = 'x'\n", encoding="utf-8")

    assert "normen.toml" in fault_of(law)


def test_folders_that_are_not_there_are_refused(law: Settings, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    assert "does not exist" in fault_of(Settings(facts=empty, policies=law.policies))
    assert "does not exist" in fault_of(Settings(facts=law.facts, policies=empty))
    empty.mkdir()
    assert "no folder in it has a regime.toml" in fault_of(Settings(facts=law.facts, policies=empty))
    assert "domeinen.toml: cannot be read" in fault_of(Settings(facts=empty, policies=law.policies))


@pytest.mark.parametrize(
    "stray",
    [
        "policies/los.dl",
        "policies/vergeten/regels.dl",
        "policies/nieuw/diep/regels.dl",
        "policies/nieuw/scenarios/diep/een.toml",
        "policies/nieuw/een.toml",
        "facts/diep/tabel.dl",
        "facts/norm.toml",
    ],
)
def test_what_nobody_reads_is_no_law_and_is_refused(law: Settings, stray: str) -> None:
    path = law.policies.parent / stray
    path.parent.mkdir(exist_ok=True)
    path.write_text("", encoding="utf-8")

    assert f"{stray}: nothing reads this file here, so it is no law" in fault_of(law)


def test_hidden_folders_and_other_files_are_left_alone(law: Settings) -> None:
    """A volume of Kubernetes keeps its files a second time in a hidden folder; notes may stand beside the law."""
    before = read(law).hash
    for name in ("policies/..data/nieuw/regels.dl", "facts/.git/x.dl", "policies/nieuw/LEES_MIJ.md"):
        path = law.policies.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("onzin", encoding="utf-8")

    assert read(law).hash == before


def test_text_that_is_no_utf8_is_refused(law: Settings) -> None:
    next(law.facts.glob("*.dl")).write_bytes(b"\xff\xfe")

    assert "cannot be read (it is no UTF-8)" in fault_of(law)


STRANGE: dict[str, Callable[[Path], object]] = {
    "is a FIFO": os.mkfifo,
    "is a symbolic link to a place outside its folder": lambda path: path.symlink_to("/etc/passwd"),
    "is a folder": Path.mkdir,
    "is larger than": lambda path: path.write_bytes(b"%" * (LARGEST_FILE + 1)),
    "cannot be read (No such file": lambda path: path.symlink_to("nergens"),
}


@pytest.mark.parametrize("says", STRANGE)
@pytest.mark.parametrize(
    "name",
    [
        "facts/domeinen.toml",
        "facts/authzen.toml",
        "facts/extra.dl",
        "policies/nieuw/regime.toml",
        "policies/nieuw/extra.dl",
        "policies/nieuw/scenarios/extra.toml",
    ],
)
def test_only_regular_files_inside_the_folder_are_read(law: Settings, name: str, says: str) -> None:
    """Wherever the law is read from: a FIFO would block, and a link would show the file that it leads to."""
    path = law.policies.parent / name
    path.unlink(missing_ok=True)
    STRANGE[says](path)

    with pytest.raises(PolicyFault) as found:
        read_all(law)
    fault = str(found.value)
    assert name in fault
    assert says in fault or "nothing reads this file here" in fault
    assert "root:" not in fault


@pytest.mark.parametrize("name", ["facts/notes", "policies/nieuw/notes", "policies/notes"])
def test_more_files_than_any_law_has_are_refused_unread(law: Settings, name: str) -> None:
    """However they are named: each costs time and memory at every reload."""
    folder = law.policies.parent / name
    folder.mkdir()
    for number in range(MOST_FILES + 1):
        (folder / f"{number}.md").touch()

    assert f"more than {MOST_FILES} files" in fault_of(law)


def test_more_bytes_than_any_law_has_are_refused_unread(law: Settings) -> None:
    for number in range(9):
        with (law.facts / f"{number}.dl").open("wb") as file:
            file.truncate(LARGEST_FILE)

    assert "more than 32 MiB" in fault_of(law)


def test_hidden_folders_may_hold_any_number_of_files(law: Settings) -> None:
    folder = law.policies / ".git"
    folder.mkdir()
    for number in range(MOST_FILES + 1):
        (folder / str(number)).touch()

    assert read(law).hash
