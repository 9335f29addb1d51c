"""Settings come from the environment, are refused when unsafe, and stand in their document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iocop.core.settings import DEVELOPMENT_KEY, Settings, SettingsError, as_markdown

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "configuration.md"
LIVE = {
    "IOCOP_ENV": "production",
    "IOCOP_SECRET_KEY": "k" * 40,
    "IOCOP_BASE_URL": "https://community.example",
}


def test_a_site_without_settings_runs_here_and_now() -> None:
    settings = Settings.from_environment({})

    assert settings.database == f"sqlite:///{ROOT / 'var' / 'iocop.db'}"
    assert (settings.production, settings.https, settings.loopback) == (False, False, True)


def test_the_environment_is_read_and_typed() -> None:
    given = {
        "IOCOP_DATA_DIR": "/srv/x",
        "IOCOP_WORKERS": "3",
        "IOCOP_DEMO": "yes",
        "IOCOP_UPLOAD_TYPES": " .PNG, pdf,",
    }

    settings = Settings.from_environment(given)

    assert settings.data_dir == Path("/srv/x")
    assert (settings.workers, settings.demo, settings.upload_types) == (3, True, ("png", "pdf"))
    assert settings.database == "sqlite:////srv/x/iocop.db"


def test_what_the_program_says_stands_before_the_environment() -> None:
    assert Settings.from_environment({"IOCOP_WORKERS": "3"}, workers=5).workers == 5


def test_a_live_site_is_taken() -> None:
    assert Settings.from_environment(LIVE).production


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"IOCOP_SECRET_KEY": ""}, "IOCOP_SECRET_KEY"),
        ({"IOCOP_SECRET_KEY": DEVELOPMENT_KEY}, "IOCOP_SECRET_KEY"),
        ({"IOCOP_SECRET_KEY": "short"}, "IOCOP_SECRET_KEY"),
        ({"IOCOP_BASE_URL": "http://community.example"}, "IOCOP_BASE_URL"),
        ({"IOCOP_BASE_URL": "http://localhost.evil.example"}, "IOCOP_BASE_URL"),
        ({"IOCOP_DEMO": "1"}, "IOCOP_DEMO"),
        ({"IOCOP_DEMO": "perhaps"}, "IOCOP_DEMO"),
        ({"IOCOP_ENV": "staging"}, "IOCOP_ENV"),
        ({"IOCOP_WORKERS": "many"}, "IOCOP_WORKERS"),
        ({"IOCOP_WORKERS": "0"}, "IOCOP_WORKERS"),
        ({"IOCOP_PROXIES": "-1"}, "IOCOP_PROXIES"),
        ({"IOCOP_LOG_LEVEL": "LOUD"}, "IOCOP_LOG_LEVEL"),
        ({"IOCOP_MAIL_URL": "pigeon:"}, "IOCOP_MAIL_URL"),
        ({"SEARCH_ENGINE": "none"}, "SEARCH_ENGINE"),
    ],
    ids=lambda value: "=".join(*value.items())[:50] if isinstance(value, dict) else "",
)
def test_what_cannot_be_is_refused_by_its_name(changed: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.from_environment(LIVE | changed)


def test_the_document_is_what_the_command_prints(shared_app: Flask) -> None:
    printed = shared_app.test_cli_runner().invoke(args=["config"]).output

    assert printed == as_markdown()
    assert DOCUMENT.read_text().endswith("\n\n" + printed)


def test_every_variable_the_code_reads_is_in_the_document() -> None:
    read = set()
    for path in [*(ROOT / "iocop").rglob("*.py"), *(ROOT / "deploy").iterdir()]:
        if path.is_file():
            read |= set(re.findall(r"\bIOCOP_[A-Z_]+\b", path.read_text()))

    documented = set(re.findall(r"`(IOCOP_[A-Z_]+)`", DOCUMENT.read_text()))

    assert sorted(read - documented) == []
