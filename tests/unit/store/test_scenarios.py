"""Reading scenario files, and every way in which that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store.policies import PolicyFault
from app.store.scenarios import Expected, ExpectedStroom, hash_of, read_scenarios

GOOD = """
titel = "t"
bron = "b"
[[scenario]]
id = "een"
verhaal = "Een verhaal."
sectie = "1.1"
verwacht_taken = ["monitoren"]
verwacht_stromen = [{norm = "X-1", verstrekker = "a", ontvanger = "b", doel = "c", oordeel = "d"}]
[scenario.vraag.jongere]
leeftijd = 18
[[scenario.verwacht]]
oordeel = "toegestaan"
kanttekeningen = ["I-1"]
geldig_tot = ""
[scenario.verwacht_jongere]
leeftijd = 18
loopbaanbegeleiding = {aanbod = "geen"}
"""


def write(root: Path, text: str, name: str = "een.toml") -> Path:
    folder = root / "nieuw" / "scenarios"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return root


def test_a_scenario_is_read_whole(tmp_path: Path) -> None:
    (scenario,) = read_scenarios(write(tmp_path / "policies", GOOD))

    assert (scenario.id, scenario.verhaal, scenario.sectie) == ("een", "Een verhaal.", "1.1")
    assert scenario.file == "policies/nieuw/scenarios/een.toml"
    assert scenario.vraag == {"jongere": {"leeftijd": 18}}
    assert scenario.verwacht == (Expected("toegestaan", kanttekeningen=("I-1",), geldig_tot=""),)
    assert scenario.jongere == {"leeftijd": 18, "loopbaanbegeleiding.aanbod": "geen"}
    assert scenario.taken == ("monitoren",)
    assert scenario.stromen == (ExpectedStroom("X-1", "a", "b", "c", "d"),)
    assert scenario.fout is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('bron = "b"', 'born = "b"', "een.toml: born: not known here"),
        ('id = "een"', "", "a scenario has no `id`"),
        ('verhaal = "Een verhaal."', 'verhal = "x"', "een: verhal: not known here"),
        ("[scenario.vraag.jongere]", "[scenario.verwacht_jongere.x]", "een: `vraag` is missing"),
        ('oordeel = "toegestaan"', 'ordeel = "toegestaan"', "een: ordeel: not known here"),
        ('oordeel = "toegestaan"', "", "an expectation lacks a key"),
        ('norm = "X-1", ', "", "an expectation lacks a key"),
        ('titel = "t"', "titel = ", "policies/nieuw/scenarios/een.toml: Invalid value"),
    ],
)
def test_a_faulty_scenario_is_refused_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    root = write(tmp_path / "policies", GOOD.replace(old, new))

    with pytest.raises(PolicyFault) as caught:
        read_scenarios(root)
    assert says in str(caught.value)


def test_a_scenario_that_expects_nothing_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path / "policies", '[[scenario]]\nid = "een"\n[scenario.vraag]\n')

    with pytest.raises(PolicyFault, match="nothing is expected, so nothing is tested"):
        read_scenarios(root)


def test_an_id_may_be_used_once(tmp_path: Path) -> None:
    root = write(tmp_path / "policies", GOOD)
    write(root, GOOD, "twee.toml")

    with pytest.raises(PolicyFault, match="scenario een is also in"):
        read_scenarios(root)


def test_the_hash_follows_what_is_asked_and_expected(tmp_path: Path) -> None:
    first = hash_of(read_scenarios(write(tmp_path / "policies", GOOD)))
    second = hash_of(read_scenarios(write(tmp_path / "policies", GOOD.replace("leeftijd = 18", "leeftijd = 19"))))

    assert first != second
