"""Every page the site has, and what a real browser makes of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iocop.members.numbers import shown
from tests.browser import experts, polls, practice
from tests.browser.axe import COLOURS, violations
from tests.browser.person import (
    ADMINISTRATOR,
    COLLEAGUE,
    COMPETITOR,
    DESK,
    GUEST,
    HEIGHT,
    MEMBER,
    MODERATOR,
    SOLE_PRACTITIONER,
    VENDOR,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.browser.person import Person
    from tests.browser.site import Site

NARROW = 320
OFFICES = (
    "/admin", "/elections/new", "/elections/rules/new", "/moderation", "/newcomers", "/repertoire/links",
    "/standing/candidates", "/tags",
)  # fmt: skip
ELSEWHERE = {
    "assets.accent", "assets.show", "contributions.attachment", "contributions.small", "health.healthz",
    "health.readyz", "members.authenticator_picture", "members.download", "members.photo", "reputation.standing_csv",
    "reputation.standing_json", "reputation.suggested", "search.feed",
    "search.similar", "search.suggest", "static", *polls.FILES, *polls.OF_FEW,
}  # fmt: skip
"""What is asked with GET and is no page: files, states, a part of a page."""
BETWEEN = {
    "members.authenticator_code", "members.code", "members.come_back", "members.remove_authenticator",
}  # fmt: skip
"""Pages between two steps: tests/browser/links.py leads there, and to those that need a link."""

SPILLS = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return [];
  const edge = document.documentElement.clientWidth + 1;
  const inside = (e) => { for (let p = e.parentElement; p; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== "visible") return true; };
  return [`${wide} px too wide`, ...[...document.body.querySelectorAll("*")]
    .filter((e) => e.getBoundingClientRect().right > edge && !inside(e))
    .map((e) => `${e.tagName} ${e.className}`).slice(0, 5)];
}"""
CUT = """() => [...document.body.querySelectorAll("*")].filter((e) => {
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  if (!e.innerText?.trim() || box.width <= 1 || e.closest(".visually-hidden, .skip-link, svg, select")) return false;
  const hides = (axis) => ["hidden", "clip"].includes(style[`overflow${axis}`]);
  return (hides("X") && e.scrollWidth > e.clientWidth + 1) || (hides("Y") && e.scrollHeight > e.clientHeight + 1);
}).map((e) => `${e.tagName} ${e.className}: ${e.innerText.slice(0, 40)}`)"""


@dataclass(frozen=True)
class Look:
    """What came of one page for one person."""

    who: str
    path: str
    html: str
    light: list[str]
    dark: list[str]
    narrow: list[str]
    large: list[str]
    complaints: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.path} as {self.who or 'a guest'}"


def look_at(person: Person, who: str, path: str) -> Look | None:
    """Look at one page in light, in dark, at 320 px, and with letters of twice the size.

    Only colours differ between the themes, so the rules about colours alone are asked again in dark.
    Returns nothing for an address that leads to another page.
    """
    page = person.page
    answer = page.goto(path)
    assert answer is not None
    if answer.request.redirected_from is not None:
        return None
    light = violations(page)
    page.emulate_media(color_scheme="dark")
    dark = violations(page, rules=COLOURS)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    narrow: list[str] = person.evaluate(SPILLS)
    page.set_viewport_size({"width": DESK, "height": HEIGHT})
    with twice_as_large(person):
        large: list[str] = person.evaluate(SPILLS) + person.evaluate(CUT)
    found = person.complaints.found
    complaints, found[:] = found[:], []
    return Look(who, path, answer.text(), light, dark, narrow, large, complaints)


@contextmanager
def twice_as_large(person: Person) -> Iterator[None]:
    """Set the browser's own size of letters to 200 %, as somebody with weak eyes does."""
    window = person.context.new_cdp_session(person.page)
    window.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    yield
    window.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    window.detach()


def without_parts(app: Flask) -> list[str]:
    """Return the address of every route that takes no part of its address from outside."""
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    return sorted({rule.rule for rule in rules if rule.endpoint not in ELSEWHERE | BETWEEN})


def itinerary(app: Flask, site: Site) -> list[tuple[str, list[str]]]:
    """Return who looks at which addresses.

    The guest and the member see all, the offices their own, the others where they meet the member.
    """
    plain = [path for path in without_parts(app) if not path.startswith(OFFICES)]
    common = [*plain, *_of_content(site)]
    offices = [path for path in without_parts(app) if path not in plain]
    admin = [path for path in offices if path.startswith(("/admin", "/elections/rules"))]
    curating = [path for path in offices if path.startswith("/standing")]
    moderation = [path for path in offices if path not in {*admin, *curating}]
    meeting = ["/", long_topic(site), "/organizations/hollen-marsh", f"/id/{shown(9)}"]
    return [
        (GUEST, common),
        (MEMBER, [*common, *_of_member(site)]),
        (practice.CURATOR, [*practice.of_curator(site), *curating, *experts.of_curator(site)]),
        *((other, meeting) for other in (COLLEAGUE, COMPETITOR, VENDOR, SOLE_PRACTITIONER)),
        (MODERATOR, [*moderation, *_of_moderator(site), *polls.of_officer(site)]),
        (ADMINISTRATOR, [*admin, *_of_administrator(site)]),
    ]


def long_topic(site: Site) -> str:
    """Return the address of the public topic with the most posts."""
    return f"/t/{site.value(LONGEST)}"


LONGEST = """select topic.id from topic join contribution root on root.id = topic.id
             where root.label = 'public' and root.space_id = 1 order by topic.posts desc limit 1"""
SOLVED_OF_MEMBER = """select topic.id, topic.accepted_id from topic join contribution root on root.id = topic.id
                      join member on member.id = root.author_id
                      where member.handle = ? and topic.accepted_id is not null order by topic.id limit 1"""
EDITED = "select contribution_id from revision group by 1 order by count(*) desc, 1 limit 1"


def _of_content(site: Site) -> list[str]:
    return [
        long_topic(site), f"{long_topic(site)}?view=threaded", "/forums?page=2", "/forums/hydronics",
        "/domains/hydronics", "/spaces/commons", f"/tags/{site.value('select slug from tag order by id limit 1')}",
        f"/id/{shown(1)}", f"/id/{shown(1)}/standing", "/organizations/hollen-marsh",
        "/search?q=pump", "/search?q=zzzz", "/search?q=pump+domain:hydronics+tag:nosuch", "/search?q=pump&kind=members",
        "/ask-whom?domain=hydronics", "/members?q=zzzz", "/decisions/1", "/nowhere", "/organizations?q=zzzz",
        f"/c/{site.value(EDITED)}/history", f"{long_topic(site).replace('/t/', '/c/')}/take-home",
        *practice.of_everybody(site), *polls.of_everybody(site),
    ]  # fmt: skip


def _of_member(site: Site) -> list[str]:
    topic, answer = site.rows(SOLVED_OF_MEMBER, MEMBER)[0]
    affiliation = site.value(
        "select affiliation.id from affiliation join member on member.id = member_id"
        " where handle = ? and superseded_at is null",
        MEMBER,
    )
    of_topic = [f"/t/{topic}", f"/t/{topic}/answer", f"/t/{topic}/close", f"/p/{topic}/edit"]
    of_answer = [f"/p/{answer}/{page}" for page in ("accept", "reply", "reply?quote=1", "report")]
    of_text = [f"/c/{topic}/{page}" for page in ("label", "marks")]
    of_work = [f"/settings/affiliations/{affiliation}{page}" for page in ("", "/verify")]
    of_work.append("/organizations/hollen-marsh/terms")
    of_practice = [*practice.of_member(site, topic), *experts.of_member(site), *polls.of_member(site)]
    return [*of_topic, *of_answer, *of_text, f"/c/{answer}/marks/works_here", *of_work, *of_practice]


def _of_moderator(site: Site) -> list[str]:
    reported = site.value("select contribution_id from report limit 1")
    author, topic = site.rows("select author_id, root_id from contribution where id = ?", reported)[0]
    of_text = [f"/c/{reported}/remove", f"/c/{topic}/space"]
    tag = site.value("select id from tag order by id limit 1")
    of_tag = [f"/tags/{tag}/words", f"/tags/{tag}/merge"]
    of_ledger = [f"/moderation/irregularities/{experts.irregularity(site)}"]
    return [
        *of_tag,
        f"/t/{topic}",
        f"/t/{topic}/merge",
        f"/moderation/{reported}",
        f"/moderation/members/{author}",
        *of_text,
        *of_ledger,
    ]


def _of_administrator(site: Site) -> list[str]:
    grant = site.value("select id from role_grant where role = 'moderator' limit 1")
    one = [
        "/domains/hydronics/charter",
        "/admin/domains/hydronics",
        "/admin/domains/hydronics/divide",
        "/admin/spaces/1",
        f"/admin/roles/{grant}/end",
    ]
    return [*one, *(f"/organizations/hollen-marsh/{page}" for page in ("care", "change", "names"))]
