"""The settings, from an environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings, SettingsFault, from_environment


def test_without_anything_the_plain_settings_hold() -> None:
    assert from_environment({}) == Settings()
    assert from_environment({"PORT": "", "DEELWIJZER_ENGINE": ""}) == Settings()
    assert (Settings().policies / "nieuw").is_dir()
    assert (Settings().facts / "casus.toml").is_file()


def test_every_setting_can_be_given() -> None:
    given = {
        "DEELWIJZER_ENGINE": "pydatalog",
        "DEELWIJZER_POLICIES": "p",
        "DEELWIJZER_FACTS": "f",
        "DEELWIJZER_CACHE": "c",
        "DEELWIJZER_WETTEKSTEN": "w",
        "HOST": "::1",
        "PORT": "8123",
    }
    settings = from_environment(given)

    assert settings.engine == "pydatalog"
    assert (settings.policies, settings.facts, settings.cache) == (Path("p"), Path("f"), Path("c"))
    assert settings.law_texts == Path("w")
    assert (settings.host, settings.port) == ("::1", 8123)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEELWIJZER_ENGINE", "prolog"),
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "８０８０"),
        ("DEELWIJZER_JWKS", "http://inloggen.example/jwks"),
        ("DEELWIJZER_JWKS", "file:///etc/jwks.json"),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsFault, match=name):
        from_environment({name: value})


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("DEELWIJZER_BEWAARTERMIJN", "DEELWIJZER_BEWAARTERMIJN_DAGEN"),
        ("DEELWIJZER_TOGANG", "DEELWIJZER_TOEGANG"),
        ("DEELWIJZER_PORT", "PORT"),
        ("DEELWIJZER_HOST", "HOST"),
        ("DEELWIJZER_XYZXYZ", None),
    ],
)
def test_a_name_that_is_no_setting_is_refused_with_the_nearest(name: str, near: str | None) -> None:
    with pytest.raises(SettingsFault) as refused:
        from_environment({name: "30", "DEELWIJZER_ENGINE": "prolog"})

    engine, unknown = str(refused.value).splitlines()
    assert engine.startswith("DEELWIJZER_ENGINE is ")
    assert unknown == f"{name} is no setting; {'see docs/operators.md' if near is None else f'did you mean {near}?'}"


def test_what_others_put_in_the_environment_is_left_alone() -> None:
    """Kubernetes tells every pod the addresses of services: of one that is called deelwijzer, with our prefix."""
    given = {
        "DEELWIJZER_PORT": "tcp://10.0.0.7:80",
        "DEELWIJZER_PORT_80_TCP": "tcp://10.0.0.7:80",
        "DEELWIJZER_PORT_80_TCP_ADDR": "10.0.0.7",
        "DEELWIJZER_SERVICE_HOST": "10.0.0.7",
        "DEELWIJZER_SERVICE_PORT_HTTP": "80",
        "DEELWIJZER_DATABASE_SERVICE_PORT": "5432",
        "DEELWIJZER_SLEUTEL": "dw_x",
        "DEELWIJZER_CI": "1",
        "DEELWIJZER_TOGANG": " ",
        "NIET_VAN_ONS": "x",
    }
    assert from_environment(given) == Settings()


def test_keys_of_tokens_are_in_a_file_or_at_an_https_address() -> None:
    for where in ("jwks.json", "/etc/jwks.json", "https://inloggen.example/jwks"):
        assert from_environment({"DEELWIJZER_JWKS": where}).jwks == where


@pytest.mark.parametrize("absent", ["DEELWIJZER_JWKS", "DEELWIJZER_JWT_ISSUER", "DEELWIJZER_JWT_AUDIENCE"])
def test_tokens_need_to_know_whom_to_believe(absent: str) -> None:
    given = {
        "DEELWIJZER_TOEGANG": "oauth",
        "DEELWIJZER_JWKS": "jwks.json",
        "DEELWIJZER_JWT_ISSUER": "https://inloggen.example",
        "DEELWIJZER_JWT_AUDIENCE": "deelwijzer",
    }
    assert from_environment(given).access == ("oauth",)
    del given[absent]
    with pytest.raises(SettingsFault, match=absent):
        from_environment(given)
