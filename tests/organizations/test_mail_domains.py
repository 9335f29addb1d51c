"""Which internet domain proves which organization."""

from __future__ import annotations

import pytest

from iocop.organizations import mail_domains


@pytest.mark.parametrize(
    ("domain", "registered"),
    [
        ("mail.acme.co.uk", "acme.co.uk"),
        ("acme.co.uk", "acme.co.uk"),
        ("co.uk", ""),
        ("team.acme.example", "acme.example"),
        ("localhost", ""),
        ("192.168.1.1", ""),
        ("somebody.github.io", "somebody.github.io"),
    ],
)
def test_the_registered_part_heeds_public_suffixes(domain: str, registered: str) -> None:
    assert mail_domains.registrable(domain) == registered


def test_two_organizations_under_one_suffix_have_nothing_in_common() -> None:
    assert not set(mail_domains.and_above("acme.co.uk")) & set(mail_domains.and_above("rival.co.uk"))


def test_a_subdomain_lies_below_every_domain_down_to_the_registered_one() -> None:
    assert mail_domains.and_above("a.b.acme.co.uk") == ["a.b.acme.co.uk", "b.acme.co.uk", "acme.co.uk"]
    assert mail_domains.and_above("co.uk") == []


@pytest.mark.parametrize("domain", ["gmail.com", "yahoo.co.uk", "web.de", "mail.outlook.com"])
def test_free_mail_proves_nothing(domain: str) -> None:
    assert mail_domains.is_free_mail(domain)
    assert not mail_domains.can_be_proved(domain)


def test_the_bundled_list_is_tidy() -> None:
    assert all(mail_domains.tidy(domain) == domain for domain in mail_domains.free_mail())
    assert len(mail_domains.free_mail()) > 50


def test_international_domains_are_stored_in_their_ascii_form() -> None:
    assert mail_domains.tidy(" @Bücher.Example. ") == "xn--bcher-kva.example"
    with pytest.raises(ValueError, match=r".+"):
        mail_domains.tidy("not a domain")
