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
        "HOST": "::1",
        "PORT": "8123",
    }
    settings = from_environment(given)

    assert settings.engine == "pydatalog"
    assert (settings.policies, settings.facts, settings.cache) == (Path("p"), Path("f"), Path("c"))
    assert (settings.host, settings.port) == ("::1", 8123)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEELWIJZER_ENGINE", "prolog"),
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "８０８０"),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsFault, match=name):
        from_environment({name: value})
