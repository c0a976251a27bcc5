"""Variants of a scenario: what they become, and every way in which one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store.policies import PolicyFault
from app.store.scenarios import Expected, Scenario, read_scenarios

BASE = """
titel = "t"
bron = "b"

[[scenario]]
id = "een"
verhaal = "Een verhaal."
sectie = "1.1"
verwacht = [{ oordeel = "toegestaan", norm = "X-1" }]
verwacht_taken = ["monitoren"]

[scenario.vraag]
peildatum = "2026-03-14"
jongere = { leeftijd = 17, startkwalificatie = false }
delingen = [{ doel = "monitoring", gegevens = ["a"] }, { doel = "hulp", gegevens = ["b"] }]

[[scenario.varianten]]
id = "twee"
"""


def read(root: Path, variant: str) -> tuple[Scenario, ...]:
    folder = root / "policies" / "nieuw" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "een.toml").write_text(BASE + variant, encoding="utf-8")
    return read_scenarios(root / "policies")


def test_a_variant_is_its_scenario_but_for_what_it_says(tmp_path: Path) -> None:
    one, two = read(
        tmp_path,
        """
vraag.peildatum = "2026-03-15"
vraag.jongere.leeftijd = 18
verwacht = [{ oordeel = "niet_toegestaan" }]
""",
    )

    assert one.vraag["peildatum"] == "2026-03-14"
    assert one.vraag["jongere"] == {"leeftijd": 17, "startkwalificatie": False}
    assert (two.id, two.file, two.verhaal, two.sectie) == ("twee", one.file, "Een verhaal.", "1.1")
    assert two.vraag == {
        **one.vraag,
        "peildatum": "2026-03-15",
        "jongere": {"leeftijd": 18, "startkwalificatie": False},
    }


def test_a_variant_that_states_an_expectation_states_all(tmp_path: Path) -> None:
    one, two = read(tmp_path, 'vraag.peildatum = "2026-03-15"\nverwacht = [{ oordeel = "niet_toegestaan" }]')

    assert (one.verwacht, one.taken) == ((Expected("toegestaan", norm="X-1"),), ("monitoren",))
    assert (two.verwacht, two.taken) == ((Expected("niet_toegestaan"),), ())


def test_a_variant_without_expectations_takes_those_of_its_scenario(tmp_path: Path) -> None:
    one, two = read(tmp_path, 'verhaal = "Ook dan."\nvraag.peildatum = "2026-03-15"')

    assert (two.verwacht, two.taken, two.verhaal) == (one.verwacht, one.taken, "Ook dan.")


@pytest.mark.parametrize(
    ("says", "field", "becomes"),
    [
        (
            'vraag."delingen[1].doel" = "x"',
            "delingen",
            [{"doel": "monitoring", "gegevens": ["a"]}, {"doel": "x", "gegevens": ["b"]}],
        ),
        (
            'vraag."delingen[0].gegevens[1]" = "c"',
            "delingen",
            [{"doel": "monitoring", "gegevens": ["a", "c"]}, {"doel": "hulp", "gegevens": ["b"]}],
        ),
        ('vraag.delingen = [{ doel = "x" }]', "delingen", [{"doel": "x"}]),
        ("vraag.verzuim.weken = 4", "verzuim", {"weken": 4}),
        ("vraag.verzuim = {}", "verzuim", {}),
        ('vraag."toestemmingen[0].doel" = "x"', "toestemmingen", [{"doel": "x"}]),
        ('niet_gezegd = ["jongere.leeftijd"]', "jongere", {"startkwalificatie": False}),
        ('niet_gezegd = ["delingen[0]"]', "delingen", [{"doel": "hulp", "gegevens": ["b"]}]),
        ('niet_gezegd = ["delingen[0]", "delingen[1]"]', "delingen", []),
        ('niet_gezegd = ["jongere"]', "jongere", None),
        ('niet_gezegd = ["jongere.leeftijd"]\nvraag.jongere.x = 1', "jongere", {"startkwalificatie": False, "x": 1}),
    ],
)  # fmt: skip
def test_what_a_variant_can_change(tmp_path: Path, says: str, field: str, becomes: object) -> None:
    _, two = read(tmp_path, says)

    assert two.vraag.get(field) == becomes


@pytest.mark.parametrize(
    ("says", "message", "help_line"),
    [
        ("", "asks what `een` asks", "say under `vraag` or `niet_gezegd` in what its question differs"),
        ("vraag.jongere.leeftijd = 17", "sets `jongere.leeftijd` to what it is already", "leave it out"),
        ("vraag.jongere = {}", "sets `jongere` to what it is already", "leave it out"),
        ('vraag."delingen[3].doel" = "x"', "names `delingen[3]`, but there are fewer", "it has 2, and `[2]` adds one"),
        ('vraag."kinderen[1]" = "x"', "names `kinderen[1]`, but there are fewer", "it has none, and `[0]` adds one"),
        ('vraag."delingen.doel" = "x"', "looks for `doel` in `delingen`, which has no fields", "name a place in it"),
        ('vraag."jongere[0]" = "x"', "looks for place 0 in `jongere`, which is no list", "a path names fields"),
        ('vraag."peildatum.dag" = 1', "looks for `dag` in `peildatum`, which has no fields", "a path names fields"),
        ('vraag."jongere..leeftijd" = 18', "names `jongere..leeftijd`, which is no path", "a path names fields"),
        ("vraag = 3", "has a `vraag` that is no table", "a path names fields"),
        ('niet_gezegd = "jongere"', "has a `niet_gezegd` that is no list of paths", "a path names fields"),
        (
            'niet_gezegd = ["jongere.leeftjd"]',
            "leaves out `jongere.leeftjd`, which is not in the question",
            "did you mean `jongere.leeftijd`?",
        ),
        ('niet_gezegd = ["xyz"]', "leaves out `xyz`, which is not in the question", "its scenario does not say it"),
        (
            'niet_gezegd = ["jongere.leeftijd"]\nvraag.jongere.leeftijd = 18',
            "both changes `jongere.leeftijd` and leaves it out",
            "do one of the two",
        ),
        (
            'niet_gezegd = ["jongere.leeftijd"]\nvraag.jongere = 18',
            "both changes `jongere.leeftijd` and leaves it out",
            "do one of the two",
        ),
        ('verwcht = [{ oordeel = "x" }]', "says `verwcht`, which is not known here", "did you mean `verwacht`?"),
    ],
)
def test_a_faulty_variant_is_refused_at_its_line(tmp_path: Path, says: str, message: str, help_line: str) -> None:
    with pytest.raises(PolicyFault) as caught:
        read(tmp_path, says)

    place, line, underlined, helped = str(caught.value).split("\n")[:4]
    assert place == f"policies/nieuw/scenarios/een.toml:18:6: variant `twee` {message} [variant]"
    assert line == '  18 | id = "twee"'
    assert underlined == "     |      ^^^^^^"
    assert helped.startswith(f"  help: {help_line}")


def test_every_faulty_variant_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyFault) as caught:
        read(
            tmp_path,
            """
vraag.peildatum = "2026-03-15"

[[scenario.varianten]]
id = "drie"
vraag.peildatum = "2026-03-15"

[[scenario.varianten]]
vraag.peildatum = "2026-03-16"
""",
        )

    assert [line for line in str(caught.value).splitlines() if "[variant]" in line] == [
        "policies/nieuw/scenarios/een.toml:23:6: variant `drie` asks what `twee` asks [variant]",
        "policies/nieuw/scenarios/een.toml:6:6: variant 3 of `een` has no `id` [variant]",
    ]


def test_varianten_are_tables(tmp_path: Path) -> None:
    folder = tmp_path / "policies" / "nieuw" / "scenarios"
    folder.mkdir(parents=True)
    text = '[[scenario]]\nid = "een"\nvarianten = 3\nvraag = {}\nverwacht = [{ oordeel = "x" }]\n'
    (folder / "een.toml").write_text(text, encoding="utf-8")

    with pytest.raises(PolicyFault, match="`varianten` of `een` is no list of tables"):
        read_scenarios(tmp_path / "policies")


def test_a_variant_may_not_have_the_name_of_another_scenario(tmp_path: Path) -> None:
    with pytest.raises(PolicyFault, match="scenario een is also in"):
        read(
            tmp_path,
            '\nvraag.peildatum = "2026-03-15"\n[[scenario.varianten]]\nid = "een"\nvraag.jongere.leeftijd = 20',
        )
