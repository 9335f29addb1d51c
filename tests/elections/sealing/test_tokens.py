from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from iocop.elections.sealing import codes, tokens
from iocop.elections.sealing.refusals import Refused
from iocop.elections.sealing.tokens import Issuer
from tests.elections import vectors
from tests.elections.vectors.ballots import World

# RFC 9474, appendix A.1 and A.3; the variant without a randomizer is the same with an empty one.
PUBLISHED: dict[str, dict[str, str]] = json.loads(
    (Path(vectors.__file__).parent / "rfc9474.json").read_text()
)


def issuer_of(vector: dict[str, str]) -> Issuer:
    p, q, d, n, e = (int(vector[name], 16) for name in "pqdne")
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return Issuer(rsa.RSAPrivateNumbers(p, q, d, *crt, rsa.RSAPublicNumbers(e, n)).private_key())


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_vectors_of_rfc_9474_hold(name: str) -> None:
    vector = {field: bytes.fromhex(value) for field, value in PUBLISHED[name].items()}
    issuer = issuer_of(PUBLISHED[name])
    factor = pow(int.from_bytes(vector["inv"]), -1, issuer.n)
    said = vector["msg"], vector["msg_prefix"]

    blinded = tokens.blind(*said, vector["salt"], factor, issuer.n)
    signed = issuer.sign(blinded)
    token = tokens.finalize(*said, signed, factor, issuer.n)

    assert blinded == vector["blinded_msg"]
    assert signed == vector["blind_sig"]
    assert token == vector["sig"]
    assert tokens.verify(*said, token, issuer.n)


def test_a_new_issuer_signs_and_is_read_back(world: World) -> None:
    issuer = Issuer.from_pem(Issuer.generate(1024).to_pem())  # smaller than an election's, for time
    said, factor = (b"message", bytes(32)), 3**600

    signed = issuer.sign(tokens.blind(*said, bytes(48), factor, issuer.n))

    assert tokens.verify(*said, tokens.finalize(*said, signed, factor, issuer.n), issuer.n)
    assert issuer.n.bit_length() == 1024
    assert world.issuer.n.bit_length() == tokens.BITS


def test_the_same_request_has_the_same_answer(world: World) -> None:
    blinded = (12345).to_bytes(384)

    assert world.issuer.sign(blinded) == world.issuer.sign(blinded)


@pytest.mark.parametrize("case", ["short", "beyond", "zero"])
def test_what_is_no_blinded_message_is_not_signed(case: str, world: World) -> None:
    blinded = {"short": bytes(383), "beyond": world.issuer.n.to_bytes(384), "zero": bytes(384)}[case]

    with pytest.raises(Refused) as refusal:
        world.issuer.sign(blinded)

    assert refusal.value.reason == "blinded"


def test_a_signature_with_a_fault_in_it_does_not_leave_the_issuer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Issuer._power
    monkeypatch.setattr(Issuer, "_power", lambda issuer, number: right(issuer, number) ^ 1)

    with pytest.raises(ArithmeticError):
        world.issuer.sign((12345).to_bytes(384))


def test_a_token_is_of_one_election_and_one_voter_alone(world: World) -> None:
    voter = codes.voter(bytes(16), world.freeze)
    _, _, token = world.token(voter)
    n = world.freeze.modulus
    right: dict[str, Any] = {
        "message": tokens.message(world.freeze.hash, voter.key),
        "randomizer": voter.randomizer,
        "token": token,
    }

    assert tokens.verify(**right, n=n)
    for wrong in (
        {"message": tokens.message(bytes(32), voter.key)},
        {"message": tokens.message(world.freeze.hash, bytes(32))},
        {"randomizer": bytes(32)},
        {"token": token[:-1] + bytes([token[-1] ^ 1])},
        {"token": token[1:]},
        {"token": b"\x00" + token},
        {"token": (int.from_bytes(token) + n).to_bytes(385)},
        {"token": b"\xff" * 384},
        {"token": b""},
    ):
        assert not tokens.verify(**right | wrong, n=n)


def test_an_issuer_that_signs_something_else_is_found_out(world: World) -> None:
    voter = codes.voter(bytes(16), world.freeze)
    message = tokens.message(world.freeze.hash, voter.key)

    for signed in (world.issuer.sign((12345).to_bytes(384)), bytes(383)):
        with pytest.raises(Refused) as refusal:
            tokens.finalize(message, voter.randomizer, signed, voter.factor, world.freeze.modulus)
        assert refusal.value.reason == "token"


def test_a_modulus_that_is_no_product_of_large_primes_is_noticed() -> None:
    with pytest.raises(ValueError, match="divisor"):
        tokens.blind(b"message", bytes(32), bytes(48), 3, 3 * 5 * 7 * (2**1000 + 1))


def test_an_entry_of_the_register_holds_its_own_proof(world: World) -> None:
    blinded, signed, _ = world.token(codes.voter(bytes(16), world.freeze))
    n = world.freeze.modulus

    assert tokens.issued(blinded, signed, n)
    assert not tokens.issued(signed, blinded, n)
    assert not tokens.issued(blinded[1:], signed, n)
    assert not tokens.issued(blinded, (int.from_bytes(signed) + n).to_bytes(385), n)


def test_an_issuer_s_key_is_an_rsa_key() -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )

    with pytest.raises(ValueError, match="RSA"):
        Issuer.from_pem(pem)
