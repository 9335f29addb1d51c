"""Every write about organizations and affiliations: one function, one act of a member."""

from iocop.organizations.services.affiliations import (
    choose_main,
    correct_affiliation,
    end_affiliation,
    record_affiliation,
    show_affiliation,
    withdraw_affiliation,
)
from iocop.organizations.services.cards import refresh_card
from iocop.organizations.services.contacts import end_contact, end_contacts_of, name_contact
from iocop.organizations.services.days import forget_work_addresses, turn_day
from iocop.organizations.services.records import (
    Facts,
    add_alias,
    add_offer,
    change_organization,
    found_organization,
    remove_alias,
    remove_offer,
)
from iocop.organizations.services.relations import (
    add_mail_domain,
    end_relation,
    merge,
    relate,
    remove_mail_domain,
)
from iocop.organizations.services.verification import opened_link, request_verification, verify_affiliation

__all__ = [
    "Facts",
    "add_alias",
    "add_mail_domain",
    "add_offer",
    "change_organization",
    "choose_main",
    "correct_affiliation",
    "end_affiliation",
    "end_contact",
    "end_contacts_of",
    "end_relation",
    "forget_work_addresses",
    "found_organization",
    "merge",
    "name_contact",
    "opened_link",
    "record_affiliation",
    "refresh_card",
    "relate",
    "remove_alias",
    "remove_mail_domain",
    "remove_offer",
    "request_verification",
    "show_affiliation",
    "turn_day",
    "verify_affiliation",
    "withdraw_affiliation",
]
