"""A member as others see them, and what they set themselves."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from markupsafe import Markup
from PIL import Image
from sqlalchemy import event

from iocop.core import clock, slots
from iocop.core.db import db
from iocop.core.errors import Invalid, TooLarge
from iocop.members import photos, privacy, queries, services
from iocop.members.models import Member
from iocop.members.numbers import shown
from tests.factories import make_member, viewer_of
from tests.members.factories import PASSWORD, make_account

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def at(member: Member) -> str:
    return f"/id/{shown(member.number)}"


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **extra: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#3f7351").save(out, kind, **extra)
    return out.getvalue()


@pytest.mark.theory("0.14")
def test_the_year_and_the_number_precede_the_employer(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = make_member(name="Ada Plant", joined_at=clock.now().replace(year=2019))
    employer = Markup("<span>now at Weir &amp; Sons</span>")
    monkeypatch.setitem(slots._fillers, "profile_head", [lambda ids, **_: dict.fromkeys(ids, employer)])
    text = browser.page(at(ada)).select_one("main header").get_text(" ")  # type: ignore[union-attr]

    order = [
        text.index(words)
        for words in ("Ada Plant", "Member since 2019", shown(ada.number), "now at Weir & Sons")
    ]
    assert order == sorted(order)


def test_a_number_is_found_however_it_is_typed(browser: Browser) -> None:
    ada = make_member()

    bare = shown(ada.number).removeprefix("IOCOP-").replace("-", "").lower()
    assert browser.get(f"/id/{bare}").location == at(ada)
    assert browser.get(f"/id/{bare}", follow_redirects=True).status_code == 200


def test_a_mistyped_number_says_so_kindly(browser: Browser) -> None:
    number = shown(make_member().number)
    answer = browser.get(f"/id/{number[:-1]}{'1' if number[-1] != '1' else '2'}")

    assert answer.status_code == 404
    assert "one of them is mistyped" in answer.text


@pytest.mark.parametrize(
    ("choice", "guest", "member", "owner"),
    [("public", True, True, True), ("members", False, True, True), ("nobody", False, False, True)],
)
def test_each_field_is_shown_to_whom_its_owner_chose(
    browser: Browser, choice: str, guest: bool, member: bool, owner: bool
) -> None:
    ada = make_member(
        about="x", about_html="<p>Cooling since 1999</p>", languages=["de"], country="AT", time_zone="Europe/Vienna",
        links=["https://plant.example/ada"], visibility=dict.fromkeys(privacy.DEFAULTS, choice),
    )  # fmt: skip
    words = ("Cooling since 1999", "German", "Austria", "Europe/Vienna", "plant.example/ada")

    def sees(reader: Browser) -> set[bool]:
        text = reader.page(at(ada)).select_one("main").get_text(" ")  # type: ignore[union-attr]
        return {word in text for word in words}

    assert sees(browser.fresh()) == {guest}
    assert sees(browser.fresh().sign_in(make_member())) == {member}
    assert sees(browser.fresh().sign_in(ada)) == {owner}


def test_a_guest_never_sees_what_a_member_saw_before(browser: Browser) -> None:
    ada = make_member(country="AT")
    assert "Austria" in browser.sign_in(make_member()).page(at(ada)).text

    assert "Austria" not in browser.fresh().page(at(ada)).text


def test_a_change_is_seen_by_guests_at_once(browser: Browser) -> None:
    ada = make_member(name="Ada Plant")
    reader = browser.fresh()
    reader.page(at(ada))
    browser.sign_in(ada).post("/settings", data={"name": "Ada Weir", "name_mode": "pseudonym", "country": ""})

    page = reader.page(at(ada))
    assert page.h1 is not None
    assert page.h1.text == "Ada Weir"
    assert "Pseudonym" in page.text


def test_an_address_is_shown_to_nobody(browser: Browser) -> None:
    ada = make_member(email="secret@example.org")

    assert "secret@" not in browser.sign_in(make_member()).get(at(ada)).text


def test_a_profile_is_written_and_shown(browser: Browser) -> None:
    ada = make_member()
    answer = browser.sign_in(ada).post(
        "/settings",
        data={
            "name": " Ada   Plant ", "name_mode": "real", "about": "I **balance** air.",
            "languages": "Deutsch, french, es", "country": "AT", "links": "https://plant.example\n\nhttps://ada.example/x",
        },
    )  # fmt: skip
    page = browser.page(at(ada))
    again = browser.page("/settings")

    assert answer.status_code == 303
    assert "<strong>balance</strong>" in str(page)
    assert all(
        word in page.text for word in ("Ada Plant", "German, French, Spanish", "Austria", "ada.example/x")
    )
    assert 'value="German, French, Spanish"' in str(again)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "A name is needed"),
        ("name", "Ada\u202eplant", "one line"),
        ("about", "x" * 5001, "5000"),
        ("languages", "Klingonese", "Klingonese"),
        ("languages", "de,en,fr,es,it,pt,nl,sv,da,fi,no", "Up to ten"),
        ("country", "XX", "Not a valid choice"),
        ("links", "javascript:alert(1)", "begins with https"),
        ("links", "http://[", "begins with https"),
        ("links", "\n".join(f"https://example.org/{n}" for n in range(6)), "Up to five"),
    ],
)
def test_what_cannot_be_is_refused_with_the_mend(
    browser: Browser, field: str, typed: str, words: str
) -> None:
    right = {"name": "Ada Plant", "name_mode": "real", "about": "kept words", "country": ""}
    answer = browser.sign_in(make_member()).post("/settings", data=right | {field: typed})

    assert answer.status_code == 422
    assert words in answer.text
    assert field == "about" or "kept words" in answer.text


def test_a_script_in_a_profile_is_text(browser: Browser) -> None:
    ada = make_member()
    browser.sign_in(ada).post(
        "/settings",
        data={"name": "<b>Ada</b>", "name_mode": "real", "about": "<script>alert(1)</script>", "country": ""},
    )
    page = browser.page(at(ada))

    assert page.h1 is not None
    assert page.h1.text == "<b>Ada</b>"
    assert "alert(1)" not in "".join(str(tag) for tag in page.find_all("script"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_photo_is_made_small_and_bare(browser: Browser, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    content = (
        picture(kind, exif=exif) if kind in {"JPEG", "WEBP"} else picture(kind, comment=b"taken at home")
    )
    ada = make_member()
    browser.sign_in(ada).post(
        "/settings/photo", data={"photo": (io.BytesIO(content), "me.jpg")}, content_type="multipart/form-data"
    )
    source = browser.page(at(ada)).select_one("main img.avatar")["src"]  # type: ignore[index]
    answer = browser.fresh().get(str(source))

    assert answer.mimetype == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    made = Image.open(io.BytesIO(answer.data))
    assert made.size == (256, 256)
    assert not made.getexif()
    assert b"taken at home" not in answer.data


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a no", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:200], b"MZ" * 500],
    ids=["nothing", "cut", "svg", "half", "program"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(browser: Browser, content: bytes) -> None:
    answer = browser.sign_in(make_member()).post(
        "/settings/photo", data={"photo": (io.BytesIO(content), "me.png")}, content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert "no JPEG" in answer.text


def test_no_file_is_said_so(browser: Browser) -> None:
    assert browser.sign_in(make_member()).post("/settings/photo").status_code == 422


@pytest.mark.parametrize("size", [(7000, 7000), (12000, 9000), (20000, 10000)])
def test_too_many_pixels_are_refused_before_they_are_decoded(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from iocop.core.errors import TooLarge

    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))

    with pytest.raises(TooLarge):
        photos.square(out.getvalue())


def test_a_large_file_is_refused(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge):
        photos.square(bytes(5 * 2**20 + 1))
    monkeypatch.setattr(photos, "BYTES_LIMIT", 100)
    answer = browser.sign_in(make_member()).post(
        "/settings/photo",
        data={"photo": (io.BytesIO(picture()), "me.png")},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert "up to 5 MB" in answer.text


def test_a_photo_is_removed_with_its_bytes(browser: Browser, app: Flask) -> None:
    from iocop.core.storage import storage

    ada = make_member()
    services.change_photo(viewer_of(ada), picture())
    first = ada.photo_key
    services.change_photo(viewer_of(ada), picture("PNG"))
    second = ada.photo_key
    browser.sign_in(ada).post("/settings/photo/remove")

    assert browser.get(f"{at(ada)}/photo").status_code == 404
    for key in (first, second):
        with pytest.raises(FileNotFoundError):
            storage().get(key)


@pytest.mark.parametrize(
    ("choice", "guest", "member"),
    [("public", "webp", "webp"), ("members", "svg+xml", "webp"), ("nobody", "svg+xml", "svg+xml")],
)
def test_a_photo_is_seen_by_whom_its_member_chose(
    browser: Browser, choice: str, guest: str, member: str
) -> None:
    ada = make_member(name="Ada <weir", visibility={"photo": choice})
    services.change_photo(viewer_of(ada), picture())
    address = f"{at(ada)}/photo?v={ada.photo_key[-8:]}"

    answers = [
        browser.fresh().get(address),
        browser.fresh().sign_in(make_member()).get(address),
        browser.fresh().sign_in(ada).get(address),
    ]

    assert [answer.mimetype for answer in answers] == [f"image/{kind}" for kind in (guest, member, "webp")]
    for answer in answers:
        assert ("private" in answer.headers["Cache-Control"]) is (choice != "public")
        assert answer.mimetype == "image/webp" or "A&lt;" in answer.text


def test_a_photo_kept_back_again_is_not_served_from_what_a_guest_had(browser: Browser) -> None:
    ada = make_member(visibility={"photo": "members"})
    services.change_photo(viewer_of(ada), picture())
    inside = browser.fresh().sign_in(make_member()).get(f"{at(ada)}/photo")

    outside = browser.fresh().get(f"{at(ada)}/photo", headers={"If-None-Match": inside.headers["ETag"]})

    assert (outside.status_code, outside.mimetype) == (200, "image/svg+xml")


def test_privacy_and_preferences_are_kept(browser: Browser) -> None:
    ada = make_member()
    browser.sign_in(ada).page("/settings/privacy")
    choices = dict.fromkeys(privacy.DEFAULTS, "nobody")
    assert browser.post("/settings/privacy", data=choices).status_code == 303
    assert browser.post("/settings/privacy", data=choices | {"about": "everybody"}).status_code == 422
    browser.page("/settings/preferences")
    looks = {"locale": "en", "time_zone": "Europe/Vienna", "theme": "dark"}
    assert browser.post("/settings/preferences", data=looks).status_code == 303
    assert browser.post("/settings/preferences", data=looks | {"time_zone": "Mars/Base"}).status_code == 422

    kept = db.session.get_one(Member, ada.id)
    assert (kept.visibility, kept.time_zone) == (choices, "Europe/Vienna")
    assert 'data-theme="dark"' in browser.get("/settings").text


def test_the_service_takes_no_unknown_audience_and_no_empty_name(app: Flask) -> None:
    ada = viewer_of(make_member())
    for wrong in ({"email": "public"}, {"about": "friends"}):
        with pytest.raises(Invalid):
            services.change_privacy(ada, wrong)
    with pytest.raises(Invalid):
        services.change_profile(ada, services.Profile(name="  "))
    with pytest.raises(Invalid):
        services.change_profile(ada, services.Profile(name="Ada", about="x" * 70_000))


def test_once_a_year_one_press_says_all_is_right(browser: Browser) -> None:
    ada = make_account(reviewed_at=clock.now() - timedelta(days=366))
    browser.sign_in(ada)
    assert "still right?" in browser.page("/settings").select_one("main").text  # type: ignore[union-attr]
    buttons = browser.page("/settings/still-right").select("main button")
    answer = browser.post("/settings/still-right")

    assert len(buttons) == 1
    assert answer.status_code == 303
    assert "still right?" not in browser.page("/settings").select_one("main").text  # type: ignore[union-attr]
    with time_machine.travel(clock.now() + timedelta(days=366)):
        assert queries.review_is_due(viewer_of(ada))


def test_the_notice_stands_where_a_page_offers_the_place(app: Flask) -> None:
    from flask_login import login_user

    ada, bob = make_member(reviewed_at=clock.now() - timedelta(days=400)), make_member()
    with app.test_request_context():
        login_user(viewer_of(ada))
        assert "still right?" in slots.fill("member_notice", [ada.id])[ada.id]
        assert slots.fill("member_notice", [bob.id]) == {}
    with app.test_request_context():
        login_user(viewer_of(bob))
        assert slots.fill("member_notice", [bob.id]) == {}


def test_a_profile_costs_few_statements(browser: Browser) -> None:
    address = at(make_member(about_html="<p>x</p>", country="AT"))
    reader = browser.sign_in(make_member())
    reader.get(address)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    reader.get(address)
    signed_in, statements[:] = len(statements), []
    guest = browser.fresh()
    guest.get(address)
    statements.clear()
    guest.get(address)

    assert signed_in <= 6
    assert len(statements) <= 1


def test_mentions_find_members_who_are_here(app: Flask) -> None:
    ada = make_member(handle="ada-plant")
    make_member(handle="gone", state="left")

    assert queries.members_by_handles({"Ada-Plant", "gone", "nobody"}) == {"ada-plant": ada}
    assert queries.members_by_handles(set()) == {}


def test_settings_are_for_members(browser: Browser) -> None:
    for path in ("", "/privacy", "/security", "/preferences", "/own-data", "/still-right", "/erase"):
        assert browser.get(f"/settings{path}").location.startswith("/sign-in?next=/settings")
    assert PASSWORD
