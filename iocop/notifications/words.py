"""What a notice says, in one sentence: the same in the inbox and by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app
from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.policy import Sentence

KINDS: Final[dict[str, Sentence]] = {
    "answer": _l("Answers to my questions, and to questions I follow"),
    "reply": _l("Replies to my posts, and in topics I follow"),
    "mention": _l("Somebody names me with @"),
    "acceptance": _l("My answer is accepted"),
    "distilled": _l("What I wrote became part of an article"),
    "article": _l("An article I follow has a new text, or one I asked for is written"),
    "suggestion": _l("Reviewers decide about what I suggested"),
    "reviewing": _l("A suggestion waits too long and could be mine to review"),
    "keeping": _l("An article I keep is due for review, or called outdated"),
    "search": _l("Something new stands in a saved search that tells me"),
    "standing": _l("I reach a level, one needs my attention, or an answer of mine is doubted"),
    "expert": _l("Somebody asks for my answer, says what comes of my asking, or greets me"),
    "election": _l("Elections: nominations and votes open, candidates write, results stand"),
    "moderation": _l("Moderators decide about my posts or me"),
    "space": _l("A space closes to me"),
    "account": _l("My offices and claims"),
}
"""Every kind, as the page of choices names it."""

SHORT: Final[dict[str, Sentence]] = {
    "answer": _l("Answers"),
    "reply": _l("Replies"),
    "mention": _l("Mentions"),
    "acceptance": _l("Acceptances"),
    "distilled": _l("Distilled"),
    "article": _l("Articles"),
    "suggestion": _l("Suggestions"),
    "reviewing": _l("Reviewing"),
    "keeping": _l("Keeping"),
    "search": _l("Saved searches"),
    "standing": _l("Standing"),
    "expert": _l("Asked for"),
    "election": _l("Elections"),
    "moderation": _l("Moderation"),
    "space": _l("Spaces"),
    "account": _l("Account"),
}

_BY_SOMEBODY: Final[dict[str, Sentence]] = {
    "answer": _l("%(name)s answered:"),
    "reply": _l("%(name)s replied:"),
    "mention": _l("%(name)s named you:"),
    "acceptance": _l("%(name)s accepted your answer:"),
}

_OF_ASKING: Final[dict[tuple[str, str], Sentence]] = {
    ("expert", "asked"): _l("%(name)s asks for your answer:"),
    ("expert", "agreed"): _l("%(name)s means to answer your question:"),
    ("expert", "declined"): _l("%(name)s cannot answer your question at the moment:"),
    ("expert", "greeted"): _l("%(name)s greets you: welcome. Ask whatever you need to know."),
}

_OF_ELECTIONS: Final[dict[str, Sentence]] = {
    "nominated": _l("%(name)s proposes you as a candidate: %(words)s. You accept or decline."),
    "proposed": _l("%(name)s proposed something as an officer, and another officer must act: %(words)s."),
    "officer": _l("You are an officer of an election: %(words)s."),
    "named": _l("You were named an officer of an election that is under way."),
    "relieved": _l("You are no officer of this election any more; two others decided it."),
    "keys": _l("The box is closed, and your key is needed to open the ballots: %(words)s."),
    "mailing": _l("%(name)s, who stands, wrote to everybody who may vote: %(words)s."),
    "admitted": _l("You are a candidate: %(words)s."),
    "refused": _l("The officers refused your nomination. You can have two other officers look at it again."),
    "answered": _l("Two officers answered your complaint."),
    "upheld": _l("Two officers answered your complaint: you are right."),
    "nominations": _l("Nominations are open: %(words)s."),
    "frozen": _l("You are on the roll, and roll, candidates and rules are frozen: %(words)s."),
    "voting": _l("Voting is open: %(words)s."),
    "reminded": _l("Voting closes soon: %(words)s."),
    "counted": _l("The ballots are counted: %(words)s."),
    "certified": _l("The result stands: %(words)s."),
    "void": _l("It was declared void, and no ballot is opened: %(words)s."),
}

SUBJECTS: Final[dict[str, Sentence]] = {
    "nominated": _l("You are proposed"),
    "proposed": _l("An officer must act"),
    "officer": _l("You are an officer"),
    "named": _l("You are an officer"),
    "relieved": _l("You are relieved as an officer"),
    "keys": _l("Your key is needed"),
    "mailing": _l("A candidate writes"),
    "admitted": _l("You are a candidate"),
    "refused": _l("Your nomination was refused"),
    "answered": _l("Your complaint is answered"),
    "upheld": _l("Your complaint is answered"),
    "nominations": _l("Nominations are open"),
    "frozen": _l("The roll is frozen"),
    "voting": _l("Voting is open"),
    "reminded": _l("Voting closes soon"),
    "counted": _l("The ballots are counted"),
    "certified": _l("The result stands"),
    "void": _l("Declared void"),
}
"""Of mails about an election, before its title."""

_BY_THE_SITE: Final[dict[tuple[str, str], Sentence]] = {
    ("distilled", "published"): _l("What you wrote in the forums became part of an article, with credit to you:"),
    ("article", "published"): _l("An article you follow has a new text:"),
    ("article", "asked"): _l("What you asked for is written:"),
    ("article", "unwritten"): _l("What you asked for will not be written: %(words)s"),
    ("suggestion", "approve"): _l("Reviewed by one organization, %(words)s; one more, and it is done:"),
    ("suggestion", "approve_one"): _l(
        "A member without a verified organization approved your suggestion; one more is needed:"
    ),
    ("suggestion", "changes"): _l("A reviewer asks you for changes:"),
    ("suggestion", "decline"): _l("A reviewer declined your suggestion; improved, you can send it again:"),
    ("suggestion", "published"): _l("What you suggested is published:"),
    ("suggestion", "done"): _l("What you suggested is done:"),
    ("reviewing", "widened"): _l("This has waited for 14 days, and you may review it:"),
    ("keeping", "owner"): _l("An article you own is due for review soon:"),
    ("keeping", "deputy"): _l("An article whose deputy you are is due for review, and its owner has done nothing yet:"),
    ("keeping", "stale"): _l("Nobody has confirmed an article you keep by its review date:"),
    ("keeping", "outdated"): _l("Another organization says that an article you keep is outdated:"),
    ("search", "one"): _l("New in your saved search “%(words)s”:"),
    ("search", "several"): _l("New in your saved search “%(words)s”, with more beside it:"),
    ("keeping", "narrowed"): _l("An article you keep is shared less far now; its history says why:"),
    ("standing", "doubt"): _l("A member doubts an answer of yours, and says why:"),
    ("standing", "reached"): _l("You have come to a new level: %(words)s. Thank you for what you give."),
    ("standing", "noticed"): _l(
        "%(words)s: not all it asks for holds at the moment. You keep it for at least 60 days, and for good if all holds"
        " again by then; your standing says what is missing."
    ),
    ("standing", "lowered"): _l("Your level is now: %(words)s. The badge of the highest you reached stays yours."),
    ("standing", "looked_at"): _l(
        "You have come to all that level 3 asks for in %(words)s. Two people of two organizations look first; you can see"
        " where it stands:"
    ),
    ("standing", "agreed"): _l("Two people have looked, and agree: level 3 in %(words)s is yours, as long as it holds."),
    ("standing", "not_yet"): _l("Two people have looked at your way to level 3 in %(words)s: not yet. Read why:"),
    ("reviewing", "candidate"): _l("A member has come to all that level 3 asks for in %(words)s; you are asked to look:"),
    ("account", "silent"): _l(
        "The steward of %(words)s has done nothing there for 60 days. The board alone is told: it can ask whether all is"
        " well."
    ),
    ("standing", "irregular"): _l("Something about your points looks irregular; answer before it is decided."),
    ("standing", "unfounded"): _l("What looked irregular about your points was unfounded; all points stay."),
    ("standing", "upheld"): _l("What looked irregular about your points was upheld; read what follows and why."),
    ("moderation", "hide"): _l("A moderator hid your post; you still read it."),
    ("moderation", "restore"): _l("A moderator restored your post: it stands where it stood."),
    ("moderation", "remove"): _l("A moderator removed your post."),
    ("moderation", "release"): _l("A moderator released your post: others read it now."),
    ("moderation", "held"): _l("Your post has links and is among your first: a moderator looks before others read it."),
    ("moderation", "suspend"): _l("You are suspended: you can read, but not write."),
    ("moderation", "lift"): _l("Your suspension has ended."),
    ("space", "affiliation"): _l("“%(words)s” is no longer open to you, because the affiliation it rested on has ended."),
    ("space", "grant"): _l("“%(words)s” is no longer open to you: an administrator ended your access."),
    ("account", "office"): _l("You hold an office now: %(words)s."),
    ("account", "office_ended"): _l("An office of yours has ended: %(words)s."),
    ("account", "office_suspended"): _l("An office of yours is suspended for seven days: %(words)s."),
    ("account", "claimed"): _l("What %(words)s wrote elsewhere is yours now."),
    ("account", "declined"): _l("Your claim to be %(words)s was not approved."),
}  # fmt: skip

OFFICES: Final[dict[str, Sentence]] = {
    "administrator": _l("administrator"),
    "moderator": _l("moderator"),
    "curator": _l("curator"),
    "board_member": _l("board member"),
    "returning_officer": _l("returning officer"),
    "facilitator": _l("facilitator"),
    "domain_steward": _l("domain steward"),
}


REASONED: Final = frozenset({
    ("suggestion", "changes"), ("suggestion", "decline"), ("standing", "doubt"), ("expert", "asked"),
    *(key for key in _BY_THE_SITE if key[0] == "moderation"),
    *(("election", matter) for matter in ("refused", "answered", "upheld", "named", "relieved")),
})  # fmt: skip
"""Whose *words* are the reason somebody gave, which stands by itself."""


def suspension(reason: str, until: datetime | None, locale: str | None) -> str:
    """Return the reason of a suspension with its last day, in the language of the member who reads it."""
    if until is None:
        return reason
    with force_locale(locale or current_app.config["BABEL_DEFAULT_LOCALE"]):
        return str(_("Until %(day)s: %(reason)s", day=format_date(until, "long"), reason=reason))


def sentence(kind: str, matter: str, name: str, words: str) -> str:
    """Return what a notice says.

    Args:
        name: who did it; empty where the author's name is sealed.
        words: what the sentence names; of those in `REASONED`, it is the reason.
    """
    by_somebody = _OF_ASKING.get((kind, matter)) or _BY_SOMEBODY.get(kind)
    if by_somebody:
        return str(by_somebody) % {"name": name or _("A member")}
    if kind == "election":
        return str(_OF_ELECTIONS[matter]) % {"name": name or _("A member"), "words": words}
    named = OFFICES.get(words, words) if kind == "account" else words
    return str(_BY_THE_SITE[kind, matter]) % {"words": named}
