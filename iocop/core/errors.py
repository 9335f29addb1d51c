"""What can go wrong in the community's own terms; each error is a page with a status and a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence


class DomainError(Exception):
    """Something a member asked for and does not get.

    Attributes:
        status: the HTTP status of the page that tells it.
        reason: a translatable sentence for the person who reads the page.
        title: the page's heading.
    """

    status = 400
    title: Sentence = _l("That did not work")

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


class Refused(DomainError):
    """A policy said no."""

    status = 403
    title = _l("Not allowed")


class Missing(DomainError):
    """There is no such thing, or the viewer may not know of it."""

    status = 404
    title = _l("Not found")


class Conflict(DomainError):
    """Somebody else acted first, or the act contradicts what stands."""

    status = 409
    title = _l("That cannot be done now")


class Gone(DomainError):
    """It was here and was removed."""

    status = 410
    title = _l("Removed")


class TooLarge(DomainError):
    """More bytes than the site takes."""

    status = 413
    title = _l("Too large")


class Invalid(DomainError):
    """A value that cannot be: the reason names the field and the mend."""

    status = 422
    title = _l("Something is missing or wrong")

    def __init__(self, reason: Sentence, field: str | None = None) -> None:
        super().__init__(reason)
        self.field = field


class TooMany(DomainError):
    """A rate was passed; *retry_after* is in seconds."""

    status = 429
    title = _l("Too many attempts")

    def __init__(self, reason: Sentence, retry_after: int = 60) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Full(DomainError):
    """The disk takes no more; reading goes on."""

    status = 507
    title = _l("The site is full")


class Busy(DomainError):
    """The database is locked or away; the same request may succeed in *retry_after* seconds."""

    status = 503
    title = _l("The site is busy")

    def __init__(self, reason: Sentence, retry_after: int = 2) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
