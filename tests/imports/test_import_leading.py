"""Links between imported texts stay on this site, whichever text came first, and however often it is imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.imports.runs import Run
from iocop.imports.stackexchange import leading
from iocop.imports.stackexchange.leading import key_of, led, to_posts
from tests.imports.dumps import answer, comment, question, write
from tests.imports.factories import given, imported, make_space, run_import
from tests.imports.snapshots import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.client import Browser

HOST = "https://pumps.example"
LINKS = to_posts("//pumps.example")


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("questions/12/why-does-it-hum", "post-12"), ("questions/12", "post-12"), ("q/12/7", "post-12"),
        ("a/34", "post-34"), ("a/34/7?noredirect=1", "post-34"), ("questions/12/why-does-it-hum/34#34", "post-34"),
        ("questions/12/why/34", "post-34"), ("questions/12/why#34", "post-34"), ("q/12#answer-34", "post-34"),
        ("questions/12/why#comment56_34", "comment-56"), ("posts/comments/56", "comment-56"),
        ("questions/12/why/#see-below", "post-12"),
    ],
)  # fmt: skip
def test_every_form_of_address_means_one_post(path: str, key: str) -> None:
    for scheme in ("https:", "http:", ""):
        (link,) = LINKS.finditer(f'<a href="{scheme}//pumps.example/{path}" rel="nofollow">x</a>')
        assert key_of(link) == key


@pytest.mark.parametrize(
    "address",
    [
        f"{HOST}/questions/tagged/pumps", f"{HOST}/users/12", f"{HOST}/questions/12ab", f"{HOST}/q/{'9' * 19}",
        f"{HOST}/tags/a/12", "https://meta.pumps.example/q/12", "https://o.example/pumps.example/q/12", f"{HOST}/q/x",
    ],
)  # fmt: skip
def test_other_addresses_stay_as_they_are(address: str) -> None:
    html = f'<p>{HOST}/q/12 <a href="{address}">x</a><img src="{HOST}/q/12" title="{HOST}/q/12"></p>'

    assert led(html, LINKS, {"post-12": "/t/1"}) == html


def links_in(key: str) -> list[str]:
    db.session.expire_all()
    return re.findall(r'href="([^"]+)"', given(key).html)


def body(*paths: str) -> str:
    return "<p>" + " ".join(f'<a href="{path}">see</a>' for path in paths) + "</p>"


def test_links_between_imported_posts_become_permalinks(app: Flask, browser: Browser, tmp_path: Path) -> None:
    make_space()
    write(
        tmp_path,
        Posts=[
            question(1, Body=body("/questions/3/matter", f"{HOST}/a/4", "https://o.example/q/3", f"{HOST}/q/99")),
            answer(2, 1, Body=body(f"{HOST}/questions/3/matter#comment7_4", f"{HOST}/users/1")),
            question(3), answer(4, 3),
        ],
        Comments=[comment(7, 4), comment(8, 4, Text=f"As [here]({HOST}/q/1/2)")],
    )  # fmt: skip

    imported(app, tmp_path, "--address", HOST)

    first, other = given("post-1").id, given("post-3").id
    fourth, seventh = given("post-4").id, given("comment-7").id
    assert links_in("post-1") == [f"/t/{other}", f"/p/{fourth}", "https://o.example/q/3", f"{HOST}/q/99"]
    assert links_in("post-2") == [f"/p/{seventh}", f"{HOST}/users/1"]
    assert links_in("comment-8") == [f"/t/{first}"]
    page = browser.page(f"/t/{first}")
    assert page.select(f'.prose a[href="/t/{other}"]')
    assert browser.get(f"/p/{fourth}").location.startswith(f"/t/{other}")


def test_a_target_that_comes_later_is_led_to_then(app: Flask, browser: Browser, tmp_path: Path) -> None:
    make_space()
    first = question(1, Body=body(f"{HOST}/q/3", f"{HOST}/a/4"))
    write(tmp_path, Posts=[first])
    imported(app, tmp_path, "--address", HOST)
    topic = given("post-1").id
    assert links_in("post-1") == [f"{HOST}/q/3", f"{HOST}/a/4"]
    assert browser.page(f"/t/{topic}").select(f'a[href="{HOST}/q/3"]')

    write(tmp_path, Posts=[first, question(3)])
    imported(app, tmp_path, "--address", HOST)

    assert links_in("post-1") == [f"/t/{given('post-3').id}", f"{HOST}/a/4"]
    assert browser.page(f"/t/{topic}").select(f'a[href="/t/{given("post-3").id}"]')
    before = snapshot()
    assert "Nothing was new" in run_import(app, tmp_path, "--address", HOST).output
    assert snapshot() == before


def test_without_an_address_no_link_is_known(app: Flask, tmp_path: Path) -> None:
    make_space()
    write(tmp_path, Posts=[question(1, Body=body(f"{HOST}/q/1"))])

    imported(app, tmp_path)

    assert links_in("post-1") == [f"{HOST}/q/1"]


def test_a_run_stopped_half_way_goes_on_behind_its_last_batch(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_space()
    write(tmp_path, Posts=[question(number, Body=body(f"{HOST}/q/{6 - number}")) for number in range(1, 6)])
    monkeypatch.setattr(leading, "BATCH", 2)
    kept = Run.keep

    def stop(run: Run, stage: str, cursor: int | None = None, *, done: bool = False) -> None:
        kept(run, stage, cursor, done=done)
        if stage == leading.STAGE and cursor == given("post-4").id:
            raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(Run, "keep", stop)
        with pytest.raises(RuntimeError, match="killed"):
            imported(app, tmp_path, "--address", HOST)
    assert [links_in(f"post-{number}")[0][:3] for number in range(1, 6)] == [
        "/t/",
        "/t/",
        "htt",
        "htt",
        "htt",
    ]

    imported(app, tmp_path, "--address", HOST)

    pages = [f"/t/{given(f'post-{6 - number}').id}" for number in range(1, 6)]
    assert [links_in(f"post-{number}") for number in range(1, 6)] == [[page] for page in pages]
    assert db.session.query(Contribution).count() == 5
