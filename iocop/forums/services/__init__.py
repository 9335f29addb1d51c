"""Every write of the forums: one function, one act of a member."""

from iocop.forums.services.acceptance import accept_answer, withdraw_acceptance
from iocop.forums.services.merging import merge_topics, merging_into
from iocop.forums.services.posts import answer, reply
from iocop.forums.services.topics import close_topic, edit_topic, open_topic, reopen_topic

__all__ = [
    "accept_answer",
    "answer",
    "close_topic",
    "edit_topic",
    "merge_topics",
    "merging_into",
    "open_topic",
    "reopen_topic",
    "reply",
    "withdraw_acceptance",
]
