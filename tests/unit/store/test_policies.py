"""Reading the law from disk, and every way in which that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.engine.compiled import CompiledEngine
from app.settings import Settings
from app.store.policies import PolicyFault, read_policies
from app.store.policy_book import PolicyBook


def read(law: Settings) -> PolicyBook:
    return PolicyBook(read_policies(law.facts, law.policies), CompiledEngine())


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


def test_any_change_of_the_law_changes_the_hash(law: Settings) -> None:
    before = read(law).hash
    rules = next((law.policies / "nieuw").glob("*.dl"))
    rules.write_text(rules.read_text(encoding="utf-8") + "\n## niets\n", encoding="utf-8")

    assert read(law).hash != before


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

    assert "cannot be read (UnicodeDecodeError)" in fault_of(law)
