"""Every address of the site a browser can ask for, by who is let in: the doors in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Door(NamedTuple):
    """The status each person at the door is answered with."""

    guest: int
    member: int
    colleague: int
    competitor: int
    vendor: int
    sole: int
    moderator: int
    administrator: int
    suspended: int


SIGN_IN = 303
"""A guest at a closed page is led to the sign-in page."""

#                            guest    member colleague competitor vendor sole moderator administrator suspended
EVERYBODY: Final = Door(200, 200, 200, 200, 200, 200, 200, 200, 200)
GUESTS: Final = Door(200, 303, 303, 303, 303, 303, 303, 303, 303)
LEADS_ON: Final = Door(302, 302, 302, 302, 302, 302, 302, 302, 302)
LEADS_HOME: Final = Door(SIGN_IN, 302, 302, 302, 302, 302, 302, 302, 302)
MEMBERS: Final = Door(SIGN_IN, 200, 200, 200, 200, 200, 200, 200, 200)
ACTIVE: Final = Door(SIGN_IN, 200, 200, 200, 200, 200, 200, 200, 403)
READER: Final = Door(SIGN_IN, 200, 200, 403, 200, 200, 200, 200, 403)
ANSWERER: Final = Door(SIGN_IN, 403, 403, 200, 403, 403, 200, 403, 403)
KEEPERS: Final = Door(SIGN_IN, 403, 403, 403, 403, 403, 200, 200, 403)
MODERATOR: Final = Door(SIGN_IN, 403, 403, 403, 403, 403, 200, 403, 403)
ADMINISTRATOR: Final = Door(SIGN_IN, 403, 403, 403, 403, 403, 403, 200, 403)
NOBODY_ELSE: Final = Door(SIGN_IN, 403, 403, 403, 403, 403, 403, 403, 403)
NOT_THEIRS: Final = Door(SIGN_IN, 404, 404, 404, 404, 404, 404, 404, 404)
NOT_BEGUN: Final = Door(SIGN_IN, 410, 410, 410, 410, 410, 410, 410, 410)
NOTHING: Final = Door(404, 404, 404, 404, 404, 404, 404, 404, 404)
USED_UP: Final = Door(410, 410, 410, 410, 410, 410, 410, 410, 410)

DOORS: Final[dict[Door, str]] = {
    EVERYBODY: """
        / /forums /forums/{domain} /forums/unanswered /domains /domains/{domain} /tags/pumps /spaces/{space}
        /t/{topic} /t/{topic}/any-words /c/{topic}/history /c/{answer}/marks /c/{topic}/take-home
        /attachments/{file}/{name} /attachments/{file}/small/{name}
        /repertoire /repertoire/how-to /a/{article} /a/{article}/any-words
        /repertoire/queue /repertoire/freshness /a/{article}/confirmations
        /a/{article}/history /a/{article}/history/1 /a/{article}/compare /repertoire/suggestions/{proposal}
        /glossary /repertoire/requests /repertoire/requests/{request}
        /a/{article}/credits /a/{article}/provenance /a/{article}/links /a/{article}/notes
        /organizations /organizations/acme /id/{number} /id/{number}/standing /reputation
        /how /risks /decisions /decisions/{decision} /moderation/log
        /elections /board /booth /elections/secret /elections/{election} /elections/{election}/register.bin
        /elections/{election}/candidates/{nomination}
        /elections/rules /elections/figures /elections/rules/{rule_set} /elections/{election}/acts
        /search?q=leak /search/help /search/suggest?q=leak
        /reset /reset/check-mail /join/check-mail /join/waiting /healthz /readyz
        /assets/accent-2f6f8f.css /assets/0/css/base.css /static/css/base.css /dev/mail /dev/mail/1
    """,
    GUESTS: "/join /sign-in",
    LEADS_ON: "/p/{answer} /p/{article} /wiki/How_the_V6_leaks",
    LEADS_HOME: "/me",
    MEMBERS: """
        /glossary/{term}/names /members /inbox /drafts /attachments /invite /welcome /search/similar?title=leak
        /search/saved /search/saved/new /standing /standing/ledger.csv /standing/ledger.json
        /settings /settings/domains /settings/notices /settings/own-data /settings/own-data/export /settings/preferences
        /settings/privacy /settings/erase /settings/still-right /settings/safety /settings/availability
        /ask-whom /ask-whom?domain={domain} /ask-whom/suggested?domain=1 /needs-me
        /settings/affiliations /settings/affiliations/new /elections/desks /elections/{election}/complaints
        /elections/{election}/nominate /elections/{election}/booth.json
        /settings/security /settings/security/email /settings/security/password /settings/security/recovery-codes
        /settings/security/authenticator /settings/security/authenticator/remove
    """,
    ACTIVE: """
        /repertoire/new /repertoire/requests/new /a/{article}/edit /a/{article}/suggest/obsolete
        /t/{topic}/distil /a/{article}/distil /a/{article}/notes/new
        /t/{topic}/answer /p/{answer}/reply /c/{topic}/marks/works_here /organizations/new /ask
        /repertoire/discussion/{article}
    """,
    READER: "/p/{answer}/report",
    ANSWERER: "/p/{answer}/edit /c/{answer}/label /c/{answer}/remove",
    KEEPERS: "/t/{topic}/close /t/{topic}/merge /tags /tags/{tag}/words /tags/{tag}/merge",
    MODERATOR: """
        /newcomers /c/{topic}/space /moderation /repertoire/links /moderation/{answer} /moderation/members/{member}
        /moderation/irregularities /moderation/irregularities/{irregularity}
    """,
    ADMINISTRATOR: """
        /admin /admin/site /admin/people /admin/roles /admin/roles/{grant}/end /admin/decisions/new /admin/domains
        /admin/domains/{domain} /admin/domains/{domain}/divide /admin/rules /admin/spaces
        /admin/spaces/{space_id} /admin/imports
        /domains/{domain}/charter /elections/new /elections/rules/new /elections/{election}/desk
        /elections/{election}/desk/roll
        /organizations/acme/change /organizations/acme/names /organizations/acme/care
    """,
    NOBODY_ELSE: """
        /repertoire/suggestions/{proposal}/edit /repertoire/suggestions/{proposal}/review /a/{article}/keepers
        /p/{answer}/accept /id/{number}/claim /organizations/acme/terms /search/saved/{saved}
        /t/{topic}/ask-whom/{number} /elections/{election}/desk/draft /elections/{election}/desk/void
        /elections/{election}/desk/keys /elections/{election}/desk/sign /elections/{election}/desk/open
        /elections/complaints/{complaint}/answer /elections/{election}/candidates/{nomination}/stand
        /elections/{election}/candidates/{nomination}/campaign
        /standing/candidates /standing/candidates/{level_review}
    """,
    NOT_THEIRS: "/settings/affiliations/{affiliation} /settings/affiliations/{affiliation}/verify"
    " /standing/irregularities/{irregularity} /standing/reviews/{level_review} /elections/{election}/plain",
    NOT_BEGUN: """
        /affiliation/unknown /settings/security/authenticator/code /settings/security/authenticator/qr.svg
    """,
    NOTHING: """
        /id/{number}/photo /unsubscribe/unknown /search/feed/unknown /demo
        /elections/{election}/freeze.json /elections/{election}/state.json /elections/{election}/candidates.json
        /elections/{election}/ballots/unknown /elections/{election}/board /elections/{election}/board/1.json
        /elections/{election}/vote /elections/{election}/result /elections/{election}/opened
        /elections/{election}/sealed.json /elections/{election}/heads.txt /elections/{election}/archive.zip
        /elections/{election}/booth.html
    """,
    USED_UP: """
        /e-mail/unknown /join/confirm/unknown /reset/unknown /first-administrator/unknown /sign-in/code
        /sign-in/return
    """,
}  # fmt: skip


def addresses(keys: Mapping[str, object]) -> dict[str, Door]:
    """Return every address with its door, filled in."""
    return {line.format(**keys): door for door, lines in DOORS.items() for line in lines.split()}
