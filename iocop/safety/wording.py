"""What the rules and their reasons are called: the same words in a warning and in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence

NAMES: dict[str, Sentence] = {
    "confidential": _l("Your organization's confidential terms"),
    "client": _l("Names of clients"),
    "money": _l("Prices and wages where competitors meet"),
    "address": _l("Addresses"),
    "file": _l("What files say about themselves"),
}
MEANINGS: dict[str, Sentence] = {
    "confidential": _l(
        "Terms your organization's contact has listed. You alone see the warning; your organization never learns of it."
    ),
    "client": _l(
        "Names on your own list or in the directory, names with Ltd, GmbH, SARL or the like, and capitalised names"
        " after client, customer or for. Your own public employer and makers of products are passed over."
    ),
    "money": _l(
        "Prices, bids, wages, and who serves whom, in spaces that people of competing organizations can read."
    ),
    "address": _l("E-mail addresses, network addresses, telephone numbers, streets with a house number."),
    "file": _l(
        "Author, company and editors in PDF, office documents and DXF drawings. Pictures lose theirs when they are"
        " uploaded; what a DWG says, the site cannot read."
    ),
}
REASONS: dict[str, Sentence] = {
    "term": _l("your organization's contact listed this as confidential"),
    "own": _l("it is on your own list"),
    "directory": _l("it is an organization in the directory"),
    "unspoken": _l("you have not made public that you work there"),
    "form": _l("it ends like the name of a company"),
    "after": _l("a name after client, customer or for"),
    "price": _l("competitors read here, and this sounds like prices or bids"),
    "wage": _l("competitors read here, and this sounds like wages"),
    "market": _l("competitors read here, and this sounds like sharing out customers"),
    "amount": _l("competitors read here, and this is an amount of money"),
    "e-mail": _l("an e-mail address"),
    "street": _l("a street and house number"),
    "phone": _l("a telephone number"),
    "network": _l("a network address"),
    "author": _l("its author"),
    "company": _l("its company"),
    "editor": _l("who saved it last"),
    "writer": _l("somebody who commented or changed it"),
    "subject": _l("its subject or keywords"),
    "note": _l("its description"),
    "folder": _l("the folder it came from"),
}
