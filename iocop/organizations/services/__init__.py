"""Every write about organizations and affiliations: one function, one act of a member."""

from iocop.organizations.services.cards import refresh_card

__all__ = ["refresh_card"]
