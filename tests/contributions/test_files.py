"""Files: taken when they are what they say, kept without what they hide, served to whom may read their post."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select

from iocop.contributions import jobs, pictures
from iocop.contributions.filenames import LONGEST, address_name, clean_name, extension_of
from iocop.contributions.models import Attachment
from iocop.contributions.services import attach, attaching, remove_attachment, set_state
from iocop.contributions.views.files import markdown
from iocop.core import clock, policy
from iocop.core.db import db
from iocop.core.errors import DomainError, Invalid, Missing, Refused, TooLarge, TooMany
from iocop.core.login import GUEST
from iocop.core.storage import storage
from tests.contributions import samples
from tests.contributions.factories import make_contribution, make_office, make_space
from tests.factories import make_member, viewer_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.client import Browser


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Attachment)) or 0


@pytest.mark.parametrize("name", samples.GOOD)
def test_what_practitioners_work_with_is_taken(app: Flask, name: str) -> None:
    row = attach(viewer_of(make_member()), name, samples.GOOD[name])

    assert row.name == name
    assert (row.width is not None) is name.endswith(("png", "jpg", "jpeg", "gif", "webp"))
    assert len(storage().get(row.key)) == row.size


@pytest.mark.parametrize(("name", "content"), samples.BAD.values(), ids=samples.BAD.keys())
def test_what_is_not_what_it_says_is_refused(app: Flask, name: str, content: bytes) -> None:
    with pytest.raises(Invalid) as error:
        attach(viewer_of(make_member()), name, content)

    assert error.value.field == "file"
    assert count() == 0


def test_a_damaged_document_is_none(app: Flask) -> None:
    sound = samples.GOOD["a.odt"]
    damaged = sound.replace(b"application/vnd.oasis", b"application/vnd.oasiz", 1)

    with pytest.raises(Invalid):
        attach(viewer_of(make_member()), "a.odt", damaged)


def test_a_photo_keeps_nothing_but_what_is_seen(app: Flask) -> None:
    alice = viewer_of(make_member())

    photo = attach(alice, "photo.jpg", samples.photo_with_place())
    drawing = attach(alice, "drawing.png", samples.png_with_text())

    for row in (photo, drawing):
        kept = storage().get(row.key)
        assert b"Secret" not in kept
        assert not Image.open(io.BytesIO(kept)).getexif()
    assert (photo.width, photo.height) == (30, 40)  # upright now


@pytest.mark.parametrize(("kind", "extension"), [("GIF", "gif"), ("WEBP", "webp")])
def test_an_animation_goes_on_moving(app: Flask, kind: str, extension: str) -> None:
    row = attach(viewer_of(make_member()), f"a.{extension}", samples.animation(kind))

    assert getattr(Image.open(io.BytesIO(storage().get(row.key))), "n_frames", 1) == 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_written_anew(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (900, 10)).save(out, "TIFF" if mode == "CMYK" else "PNG")
    if mode == "CMYK":
        out = io.BytesIO()
        Image.new(mode, (900, 10)).save(out, "JPEG")

    drawn = pictures.redrawn(out.getvalue(), "jpg" if mode == "CMYK" else "png")

    assert (drawn.width, drawn.height) == (900, 10)
    assert Image.open(io.BytesIO(drawn.small)).size == (720, 8)


@pytest.mark.parametrize(
    "size", [(7_000, 7_000), (60_000, 60_000)], ids=["49 megapixels", "3,600 megapixels"]
)
def test_a_picture_bomb_is_refused_before_it_is_decoded(app: Flask, size: tuple[int, int]) -> None:
    with pytest.raises(TooLarge):
        attach(viewer_of(make_member()), "bomb.png", samples.declared_png(*size))
    assert count() == 0


def test_an_endless_animation_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_FRAMES", 2)

    with pytest.raises(TooLarge):
        attach(viewer_of(make_member()), "a.gif", samples.animation("GIF"))


def test_more_bytes_than_the_setting_says_are_refused(app: Flask) -> None:
    limit = app.extensions["settings"].upload_limit

    with pytest.raises(TooLarge):
        attach(viewer_of(make_member()), "a.txt", b"x" * (limit + 1))


def test_guests_and_suspended_members_attach_nothing(app: Flask) -> None:
    for actor in (GUEST, viewer_of(make_member(state="suspended"))):
        with pytest.raises(Refused):
            attach(actor, "a.txt", b"words")


def test_the_virus_scanner_has_a_word(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(policy._providers, "malware", lambda content: "Eicar" if b"EICAR" in content else "")
    alice = viewer_of(make_member())

    with pytest.raises(Refused):
        attach(alice, "a.txt", b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE")
    assert attach(alice, "a.txt", b"words").id


def stored_files(app: Flask) -> list[Path]:
    return [path for path in app.extensions["settings"].folder("attachments").rglob("*") if path.is_file()]


def test_a_file_that_is_refused_late_leaves_no_bytes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attaching, "MOST_WAITING", 1)
    alice = viewer_of(make_member())
    attach(alice, "a.txt", b"words")
    before = len(stored_files(app))

    with pytest.raises(TooMany):
        attach(alice, "b.png", samples.picture("PNG", (900, 10)))

    assert len(stored_files(app)) == before


HOSTILE = {
    "../../etc/passwd.txt": "passwd.txt",
    "..\\..\\boot.ini.txt": "boot.ini.txt",
    "C:\\fakepath\\plan.txt": "plan.txt",
    "a\r\nSet-Cookie: x=1.txt": "aSet-Cookie x=1.txt",
    "invoice\u202etxt.exe.txt": "invoicetxt.exe.txt",
    "\x00nul.txt": "nul.txt",
    '<img src=x onerror="alert(1)">.txt': "img src=x onerror=alert(1).txt",
    ".txt": "file.txt",
    "...   .txt": "file.txt",
    "x" * 300 + ".txt": "x" * 116 + ".txt",
    "Übersicht Häuser.txt": "Übersicht Häuser.txt",
}


@pytest.mark.parametrize(("sent", "kept"), HOSTILE.items(), ids=range(len(HOSTILE)))
def test_a_hostile_name_becomes_a_harmless_one(browser: Browser, sent: str, kept: str) -> None:
    alice = make_member()
    row = attach(viewer_of(alice), sent, b"words")

    answer = browser.sign_in(alice).get(f"/attachments/{row.id}/{address_name(row.name)}")

    assert row.name == kept
    assert answer.data == b"words"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")


@hypothesis_given(st.text(max_size=200))
def test_whatever_it_is_called_it_is_one_safe_name(filename: str) -> None:
    name = clean_name(filename + ".png")

    assert len(name) <= LONGEST + 1
    assert extension_of(name) == "png"
    assert not re.search(r'[/\\<>:"|?*\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]', name)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+\.png", address_name(name))
    assert clean_name(name) == name


def test_a_file_without_an_extension_has_none() -> None:
    assert extension_of(clean_name("README")) == ""


def test_a_file_is_open_to_whom_may_read_its_post(browser: Browser) -> None:
    alice, bob = make_member(), make_member()
    row = attach(viewer_of(alice), "plan.pdf", b"%PDF-1.7 words")
    path = f"/attachments/{row.id}/plan.pdf"

    assert browser.get(path).status_code == 404  # nobody but its owner while no post has it
    assert browser.fresh().sign_in(alice).get(path).status_code == 200
    thing = make_contribution(alice, text=f"[plan]({path})", label="members")
    assert browser.get(path).status_code == 404
    assert browser.fresh().sign_in(bob).get(path).status_code == 200
    set_state(make_office(make_member()), thing.id, "hidden", "a test")
    assert browser.fresh().sign_in(bob).get(path).status_code == 404
    assert browser.fresh().sign_in(alice).get(path).status_code == 200


def test_a_space_keeps_its_files(browser: Browser) -> None:
    room, alice = make_space("members"), make_member()
    row = attach(viewer_of(alice), "a.png", samples.picture("PNG"))
    make_contribution(alice, text=f"![a](/attachments/{row.id}/a.png)", space_id=room.id)

    assert browser.get(f"/attachments/{row.id}/a.png").status_code == 404
    assert browser.sign_in(make_member()).get(f"/attachments/{row.id}/a.png").status_code == 200


def test_a_file_is_served_so_that_nothing_in_it_runs(browser: Browser) -> None:
    alice = make_member()
    browser.sign_in(alice)
    text, large = attach(viewer_of(alice), "a.txt", b"<script>"), samples.picture("PNG", (1000, 500))
    image = attach(viewer_of(alice), "a.png", large)

    answer = browser.get(f"/attachments/{text.id}/a.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == "attachment; filename=a.txt"
    shown = browser.get(f"/attachments/{image.id}/a.png")
    assert shown.headers["Content-Disposition"] == "inline; filename=a.png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    small = browser.get(f"/attachments/{image.id}/small/a.png")
    assert small.mimetype == "image/webp"
    assert Image.open(io.BytesIO(small.data)).size == (720, 360)
    again = browser.get(f"/attachments/{image.id}/a.png", headers={"If-None-Match": shown.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_small_picture_is_its_own_small_copy(browser: Browser) -> None:
    alice = make_member()
    row = attach(viewer_of(alice), "a.png", samples.picture("PNG"))

    assert browser.sign_in(alice).get(f"/attachments/{row.id}/small/a.png").mimetype == "image/png"


def test_addresses_that_lead_to_no_file(app: Flask, browser: Browser) -> None:
    alice = make_member()
    row = attach(viewer_of(alice), "a.txt", b"words")
    browser.sign_in(alice)

    assert browser.get(f"/attachments/{row.id}/b.txt").status_code == 404
    assert browser.get("/attachments/999999/a.txt").status_code == 404
    storage().delete(row.key)
    assert browser.get(f"/attachments/{row.id}/a.txt").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "pattern"),
    [
        ("plan [2].pdf", b"%PDF-1", r"\[plan \(2\)\.pdf\]\(/attachments/1/plan_2\.pdf\)"),
        ("a.png", samples.picture("PNG"), r"!\[a\.png\]\(/attachments/1/a\.png\)"),
        (
            "b.png",
            samples.picture("PNG", (800, 9)),
            r"\[!\[b\.png\]\(/attachments/1/small/b\.png\)\]\(/attachments/1/b\.png\)",
        ),
    ],
)
def test_a_file_comes_with_the_markdown_that_shows_it(
    app: Flask, name: str, content: bytes, pattern: str
) -> None:
    alice = make_member()
    row = attach(viewer_of(alice), name, content)

    text = markdown(row)
    assert re.fullmatch(pattern.replace("/1/", f"/{row.id}/"), text)
    thing = make_contribution(alice, text=text)
    db.session.expire_all()
    assert row.contribution_id == thing.id
    assert f"/attachments/{row.id}/" in thing.html


def upload(browser: Browser, name: str, content: bytes, accept: str = "text/html") -> tuple[int, str]:
    data = {"file": (io.BytesIO(content), name)}
    answer = browser.post(
        "/attachments", data, content_type="multipart/form-data", headers={"Accept": accept}
    )
    return answer.status_code, answer.text


def test_the_editor_uploads_and_gets_markdown_or_the_reason(browser: Browser) -> None:
    accept = "application/json, text/html"
    browser.sign_in(make_member())

    status, answer = upload(browser, "a.txt", b"words", accept)
    assert (status, json.loads(answer)["markdown"]) == (
        201,
        f"[a.txt](/attachments/{json.loads(answer)['id']}/a.txt)",
    )
    status, answer = upload(browser, "a.exe", b"MZ", accept)
    assert (status, json.loads(answer)["reason"]) == (422, "Files of this type cannot be attached here.")


def test_without_a_script_the_page_takes_files_and_shows_what_to_paste(browser: Browser) -> None:
    browser.sign_in(make_member())

    assert upload(browser, "a.txt", b"words")[0] == 303
    page = browser.page("/attachments")
    assert "[a.txt](/attachments/" in page.text
    status, text = upload(browser, "a.exe", b"MZ")
    assert status == 422
    assert "Files of this type cannot be attached here." in text
    assert browser.post("/attachments", {}).status_code == 422


def test_a_file_is_removed_by_its_owner_or_a_moderator(browser: Browser) -> None:
    alice, bob, moderator = make_member(), make_member(), make_office(make_member())
    first, second = (attach(viewer_of(alice), "a.txt", b"words") for _ in range(2))

    with pytest.raises(Refused):
        remove_attachment(viewer_of(bob), first.id)
    with pytest.raises(Missing):
        remove_attachment(moderator, 10**9)
    remove_attachment(moderator, first.id)
    with pytest.raises(Missing):
        remove_attachment(moderator, first.id)
    assert browser.sign_in(alice).post(f"/attachments/{second.id}/remove").status_code == 303
    assert browser.get(f"/attachments/{second.id}/a.txt").status_code == 404


def test_what_was_removed_or_never_used_is_deleted_with_its_bytes(app: Flask) -> None:
    alice = make_member()
    used, unused, removed = (
        attach(viewer_of(alice), f"{name}.png", samples.picture("PNG", (800, 9))) for name in "abc"
    )
    make_contribution(alice, attachment_ids=(used.id,))
    remove_attachment(viewer_of(alice), removed.id)
    kept, gone = (used.key, used.small_key), (unused.key, unused.small_key, removed.key, removed.small_key)

    with time_machine.travel(clock.now() + timedelta(days=8)):
        jobs.purge()

    assert count() == 1
    assert all(storage().get(key) for key in kept)
    for key in gone:
        with pytest.raises(FileNotFoundError):
            storage().get(key)


def test_every_refusal_is_a_sentence(app: Flask) -> None:
    alice = viewer_of(make_member())
    said = []
    for name, content in samples.BAD.values():
        try:
            attach(alice, name, content)
        except DomainError as error:
            said.append(str(error.reason))

    assert len(said) == len(samples.BAD)
    assert all(sentence.endswith(".") for sentence in said)
