"""Files: uploaded by the editor or by a plain form, served to whom may read what they belong to."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions import policy, queries
from iocop.contributions.filenames import address_name
from iocop.contributions.filetypes import TYPES
from iocop.contributions.forms import UploadForm
from iocop.contributions.services import attach, remove_attachment
from iocop.contributions.views import contributions
from iocop.core.errors import DomainError, Missing
from iocop.core.limits import limiter
from iocop.core.login import public, viewer
from iocop.core.storage import storage

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from iocop.contributions.models import Attachment

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For a file that is opened by itself: it runs nothing, loads nothing and belongs to no site."""


@contributions.get("/attachments")
def files() -> ResponseReturnValue:
    """List the member's files that wait for a post to take them, and take another without a script."""
    return _files(UploadForm())


@contributions.post("/attachments")
@limiter.limit("30 per minute; 300 per day")
def upload() -> ResponseReturnValue:
    """Take a file: the editor's script gets the Markdown that shows it, the plain form its page again."""
    form, sent = UploadForm(), request.files.get("file")
    wants_json = request.accept_mimetypes.best == "application/json"
    if sent is None:
        form.validate()
        return _files(form)
    try:
        row = attach(viewer(), sent.filename or "", sent.read())
    except DomainError as error:
        if wants_json:
            raise
        form.file.errors = [error.reason]
        return _files(form)
    if wants_json:
        return {"id": row.id, "markdown": markdown(row)}, 201
    flash(_("Your file is here: put the text beside it into your post."))
    return redirect(url_for(".files"), 303)


@contributions.get("/attachments/<int:attachment_id>/<name>")
@public
def attachment(attachment_id: int, name: str) -> ResponseReturnValue:
    row = _open(attachment_id, name)
    return _sent(row, row.key, row.media_type)


@contributions.get("/attachments/<int:attachment_id>/small/<name>")
@public
def small(attachment_id: int, name: str) -> ResponseReturnValue:
    """Serve the smaller copy of a large picture."""
    row = _open(attachment_id, name)
    return _sent(row, row.small_key or row.key, "image/webp" if row.small_key else row.media_type)


@contributions.post("/attachments/<int:attachment_id>/remove")
def remove_file(attachment_id: int) -> ResponseReturnValue:
    remove_attachment(viewer(), attachment_id)
    flash(_("The file is removed."))
    return redirect(url_for(".files"), 303)


def markdown(row: Attachment) -> str:
    """Return the Markdown that shows a file: a picture itself, a large one small with a link, all else as a link."""
    name = address_name(row.name)
    words = row.name.replace("[", "(").replace("]", ")")
    whole = f"/attachments/{row.id}/{name}"
    if not _is_picture(row):
        return f"[{words}]({whole})"
    shown = f"/attachments/{row.id}/small/{name}" if row.small_key else whole
    return f"[![{words}]({shown})]({whole})" if row.small_key else f"![{words}]({shown})"


def _is_picture(row: Attachment) -> bool:
    return row.width is not None


def _files(form: UploadForm) -> ResponseReturnValue:
    settings = current_app.extensions["settings"]
    page = render_template(
        "contributions/files.html",
        form=form,
        files=[(row, markdown(row)) for row in queries.waiting_files(viewer().id)],
        megabytes=settings.upload_limit // 2**20,
        extensions=[extension for extension in settings.upload_types if extension in TYPES],
    )
    return page, 422 if form.errors else 200


def _open(attachment_id: int, name: str) -> Attachment:
    found = queries.attachment(attachment_id)
    if found is None or address_name(found[0].name) != name:
        raise Missing(_l("There is no such file, or it is not open to you."))
    row, thing = found
    if not policy.may_open_attachment(viewer(), row, thing):
        raise Missing(_l("There is no such file, or it is not open to you."))
    return row


def _sent(row: Attachment, key: str, media_type: str) -> Response:
    try:
        content = storage().get(key)
    except FileNotFoundError as error:
        raise Missing(_l("There is no such file, or it is not open to you.")) from error
    answer = send_file(
        io.BytesIO(content),
        mimetype=media_type,
        as_attachment=not _is_picture(row),
        download_name=row.name,
        etag=f"{row.sha256[:32]}-{key[-4:]}",
        max_age=0,
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = (
        "private, no-cache"  # asked anew each time: who may read can change at once
    )
    answer.make_conditional(request)
    return answer
