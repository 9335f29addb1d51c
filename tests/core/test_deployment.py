"""What is said of an installation and what its files say are one: where it lies, whose it is, where its data goes."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
UNITS = ("iocop.service", "iocop-worker.service")


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def said(pattern: str, path: str) -> str:
    found = re.search(pattern, text(path), re.MULTILINE)
    assert found, f"{path} says nothing of {pattern}"
    return found[1]


def test_the_checkout_lies_where_units_proxy_and_cron_look_for_it() -> None:
    checkout = said(r"^git clone \S+ (\S+) ", "docs/operations.md")

    for unit in UNITS:
        assert said(r"^WorkingDirectory=(.*)$", f"deploy/{unit}") == checkout
        assert said(r"^ExecStart=(\S+)/\.venv/bin/", f"deploy/{unit}") == checkout
    assert f"root {checkout};" in text("deploy/nginx.conf")
    assert f" {checkout}/deploy/backup.sh " in text("docs/operations.md")


def test_the_data_folder_is_the_one_the_services_may_write() -> None:
    data = said(r"^IOCOP_DATA_DIR='(.*)'$", "deploy/iocop.env")

    assert {said(r"^StateDirectory=(.*)$", f"deploy/{unit}") for unit in UNITS} == {
        data.removeprefix("/var/lib/")
    }
    assert f"`{data}`" in text("docs/operations.md")


def test_the_services_user_is_made_and_may_read_the_settings() -> None:
    user = said(r"^useradd .* (\S+)$", "docs/operations.md")

    assert {said(r"^User=(.*)$", f"deploy/{unit}") for unit in UNITS} == {user}
    assert f"install -m 640 -g {user} deploy/iocop.env /etc/iocop.env" in text("docs/operations.md")
