from __future__ import annotations

import pytest

from iocop.elections.sealing import exchange

P = exchange.PRIME
EIGHT = 325606250916557431795983626356110631294008115727848805560023387167927233504  # RFC 7748's curve, order eight
OTHER = 39382357235489614581723060781553021112529911719440698176882885853963445705823


def test_the_public_key_is_that_of_rfc_7748() -> None:
    private = (9).to_bytes(32, "little")  # section 5.2, the iteration, after one step

    assert (
        exchange.public(private).hex() == "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"
    )


@pytest.mark.parametrize(
    "number", [0, 1, P - 1, EIGHT, OTHER], ids=["0", "1", "p - 1", "order 8", "order 8 too"]
)
def test_a_key_of_low_order_is_refused(number: int) -> None:
    assert exchange.key_fault(number.to_bytes(32, "little")) == "low-order"


@pytest.mark.parametrize(
    "number", [P, P + 1, 9 + P, 9 | 1 << 255], ids=["p", "p + 1", "9 + p", "the highest bit"]
)
def test_a_key_written_another_way_is_refused(number: int) -> None:
    assert exchange.key_fault(number.to_bytes(32, "little")) == "non-canonical"


def test_each_officer_brings_a_key_of_the_right_length_and_an_own_one() -> None:
    first, second = exchange.public(b"\x01" * 32), exchange.public(b"\x02" * 32)

    assert exchange.faults([first, second, first, b"short"]) == [None, None, "duplicate", "length"]
