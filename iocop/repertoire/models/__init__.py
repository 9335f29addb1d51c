"""The repertoire's tables."""

from iocop.repertoire.models.articles import (
    Article,
    ArticleAlias,
    OldAnchor,
    Reminder,
    Seal,
    Spell,
    TextLink,
    WikiLink,
)
from iocop.repertoire.models.glossary import ArticleRequest, RequestVote, TermName, TermUse
from iocop.repertoire.models.proposals import Credit, Passage, PassageNote, Proposal, Review

__all__ = [
    "Article",
    "ArticleAlias",
    "ArticleRequest",
    "Credit",
    "OldAnchor",
    "Passage",
    "PassageNote",
    "Proposal",
    "Reminder",
    "RequestVote",
    "Review",
    "Seal",
    "Spell",
    "TermName",
    "TermUse",
    "TextLink",
    "WikiLink",
]
