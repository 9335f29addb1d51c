"""What a member saved goes with the member, what a file said with the file."""

from __future__ import annotations

from iocop.contributions.events import FilesRemoved
from iocop.core.events import within
from iocop.members.events import MemberErased
from iocop.search import file_texts, services


@within(MemberErased)
def forget_saved(happened: MemberErased) -> None:
    services.forget_saved(happened.member_id)


@within(FilesRemoved)
def forget_files(happened: FilesRemoved) -> None:
    file_texts.forget_files(happened.attachment_ids)
