"""Reports and rulings in members' words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence

REASONS: Final[dict[str, Sentence]] = {
    "spam": _l("Advertising: it sells, or it is here only to be linked to"),
    "unkind": _l("Unkind: it attacks a person or a group instead of talking about the matter"),
    "confidential": _l("Confidential: it tells what a colleague, client or supplier did not mean to share"),
    "copyright": _l("Copied: the text or picture belongs to somebody who did not allow it"),
    "off_practice": _l("Off the practice: it has nothing to do with what this community is about"),
    "other": _l("Something else: say what"),
}
"""What a member can say is wrong; *held* is the site's own."""

SHORT: Final[dict[str, Sentence]] = {
    "spam": _l("Advertising"),
    "unkind": _l("Unkind"),
    "confidential": _l("Confidential"),
    "copyright": _l("Copied"),
    "off_practice": _l("Off the practice"),
    "other": _l("Something else"),
    "held": _l("A newcomer's first links"),
}

CHOICES: Final[dict[str, Sentence]] = {
    "dismiss": _l("Leave it as it is: the reports are closed"),
    "release": _l("Release it: everybody may read it now"),
    "hide": _l("Hide it: only its author and moderators read it"),
    "restore": _l("Restore it: it stands where it stood"),
    "remove": _l("Remove it: a stub stays in its place"),
}
"""What a moderator can decide about a contribution, the mildest first."""

DECIDED: Final[dict[str, Sentence]] = {
    "hide": _l("A post was hidden"),
    "restore": _l("A post was restored"),
    "remove": _l("A post was removed"),
    "release": _l("A held post was released"),
    "dismiss": _l("A report led to nothing"),
    "suspend": _l("A member was suspended"),
    "lift": _l("A suspension was lifted"),
}

TONES: Final = {
    "hide": "warn",
    "remove": "danger",
    "suspend": "danger",
    "restore": "ok",
    "release": "ok",
    "lift": "ok",
}
