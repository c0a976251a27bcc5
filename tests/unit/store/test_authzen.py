"""The mapping of AuthZEN: read, held to the vocabulary, and part of the policy set."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings
from app.store.policies import PolicyFault, policies_from, read_policies

GOOD = """
[subject]
type = "ontvanger"
id = "delingen[].ontvanger"

[action]
name = "delingen[].doel"

[resource]
type = "gegeven"
id = "delingen[].gegevens[]"

[resource.properties]
verstrekker = "delingen[].verstrekker"
"""
FAULTS = {
    "type = [": ("type = ", "authzen.toml"),
    "[subject]": ("[subjec]", "this table is missing"),
    "[action]": ("[more]\n[action]", "[more]: is not a table here"),
    "[action]\n": ('[action]\ntype = "x"\n', "[action] type: is not a key here"),
    'type = "ontvanger"': ('type = ""', "[subject] type: is missing"),
    'type = "gegeven"': (f'type = "{"x" * 201}"', "longer than 200"),
    '"delingen[].ontvanger"': ('"delingen[].ontvangr"', "did you mean `delingen[].ontvanger`?"),
    '"delingen[].doel"': ('"jongere.opleiding"', "is not a field of the flow"),
    'id = "delingen[].gegevens[]"': ('id = "delingen[].afweging.gegevens{}"', "does not hold one value"),
    '"delingen[].gegevens[]"': ('"delingen[]"', "does not hold one value"),
    'verstrekker = "delingen[].verstrekker"': ('soort = "mandaten[].van"', "does not hold one value"),
    '[resource.properties]\nverstrekker = "delingen[].verstrekker"': ("", "`delingen[].verstrekker` is required"),
    'verstrekker = "delingen[].verstrekker"\n': (
        'verstrekker = "delingen[].verstrekker"\nb = "delingen[].ontvanger"\n',
        "by [subject] id",
    ),
    "[resource.properties]": (
        '[vast]\n"delingen[].verstrekker" = "scool"\n[resource.properties]',
        "did you mean `school`?",
    ),
}


def law(tmp_path: Path, text: str | None) -> tuple[Path, Path]:
    """The real law with another mapping."""
    facts = tmp_path / "facts"
    facts.mkdir()
    for path in Settings().facts.iterdir():
        (facts / path.name).write_bytes(path.read_bytes())
    (facts / "authzen.toml").unlink()
    if text is not None:
        (facts / "authzen.toml").write_text(text, encoding="utf-8")
    return facts, Settings().policies


def test_a_policy_set_without_it_offers_no_authzen(tmp_path: Path) -> None:
    policies = read_policies(*law(tmp_path, None))

    assert policies.authzen is None
    assert policies_from(policies.texts()).authzen is None


def test_it_is_part_of_what_is_hashed_kept_and_restored(tmp_path: Path) -> None:
    plain = read_policies(Settings().facts, Settings().policies)
    other = read_policies(*law(tmp_path, GOOD.replace('"ontvanger"', '"partij"')))

    assert other.hash != plain.hash
    restored = policies_from(other.texts())
    assert (restored.hash, restored.authzen) == (other.hash, other.authzen)
    assert restored.authzen is not None
    assert restored.authzen.subject.type == "partij"


@pytest.mark.parametrize("old", FAULTS)
def test_every_fault_is_told(tmp_path: Path, old: str) -> None:
    new, expected = FAULTS[old]
    text = f"{GOOD}\nx = [" if old not in GOOD else GOOD.replace(old, new, 1)

    with pytest.raises(PolicyFault) as told:
        read_policies(*law(tmp_path, text))
    assert "authzen.toml" in str(told.value)
    assert expected in str(told.value)


def test_an_id_that_is_no_choice_cannot_be_searched(tmp_path: Path) -> None:
    facts, policies = law(tmp_path, GOOD.replace("[].doel", "[].dag"))
    with (facts / "casus.toml").open("a", encoding="utf-8") as file:
        file.write('\n["delingen[].dag"]\ndomein = "datum"\nomschrijving = "Een dag."\n')

    with pytest.raises(PolicyFault, match="is not a choice"):
        read_policies(facts, policies)
