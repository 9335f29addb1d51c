"""Where the forums' drafts are taken up again: on the page that keeps them, with what was typed."""

from __future__ import annotations

from iocop.contributions.resuming import resumes


@resumes("topic")
def topic(_reference: str) -> str:
    return "/ask"


@resumes("answer")
def answer(topic_id: str) -> str:
    return f"/t/{topic_id}/answer"


@resumes("reply")
def reply(parent_id: str) -> str:
    return f"/p/{parent_id}/reply"
