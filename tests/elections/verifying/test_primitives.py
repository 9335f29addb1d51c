"""The independent verifier's own cryptography, held to published vectors."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from iocop.elections import archive_verify as plain
from tests.elections import vectors
from tests.elections.sealing.test_rolls import INPUTS, ROOTS

EDGES: list[dict[str, Any]] = json.loads((Path(vectors.__file__).parent / "ed25519.json").read_text())
TOKENS: dict[str, dict[str, str]] = json.loads((Path(vectors.__file__).parent / "rfc9474.json").read_text())


def of(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", ""))


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(plain.__file__).read_text())
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names


def test_it_is_written_in_the_language_of_python_3_8() -> None:
    source = Path(plain.__file__).read_text()
    tree = ast.parse(source, feature_version=(3, 8))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]

    assert not [call for call in calls if isinstance(call, ast.Subscript)]  # `list[int]()` is younger
    assert "removeprefix" not in source


def test_hkdf_is_that_of_rfc_5869_appendix_a_1() -> None:
    found = plain.hkdf(of("000102030405060708090a0b0c"), b"\x0b" * 22, of("f0f1f2f3f4f5f6f7f8f9"), 42)

    assert found.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_aes_256_is_that_of_fips_197_appendix_c_3() -> None:
    words = plain.aes_round_keys(bytes(range(32)))

    assert (
        plain.aes_block(words, of("00112233445566778899aabbccddeeff")).hex()
        == "8ea2b7ca516745bfeafc49904b496089"
    )


def test_aes_gcm_is_that_of_its_authors_test_case_16() -> None:
    # D. McGrew, J. Viega, The Galois/Counter Mode of Operation, appendix B.
    key, nonce = of("feffe9928665731c6d6a8f9467308308" * 2), of("cafebabefacedbaddecaf888")
    text = of(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    extra = of("feedfacedeadbeeffeedfacedeadbeefabaddad2")

    sealed = plain.aes_gcm_seal(key, nonce, text, extra)

    assert sealed.hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    assert plain.aes_gcm_open(key, nonce, sealed, extra) == text
    assert plain.aes_gcm_open(key, nonce, sealed, extra + b"x") is None


def test_x25519_is_that_of_rfc_7748_section_5_2() -> None:
    scalar = of("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    point = of("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")

    assert (
        plain.x25519(scalar, point).hex()
        == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    )
    assert plain.x25519(scalar, bytes(32)) == bytes(32)  # of small order


def test_hpke_derives_and_encapsulates_as_the_vectors_of_rfc_9180() -> None:
    # With AES-256-GCM, from the file of test vectors that RFC 9180, appendix A, points to.
    material = of("2cd7c601cefb3d42a62b04b7a9041494c06c7843818e0ce28a8f704ae7ab20f9")
    private = plain.hpke_ephemeral(of("dac33b0e9db1b59dbbea58d59a14e7b5896e9bdf98fad6891e99d1686492b9ee"))
    public = plain.x25519(private, plain.NINE)

    sealed = plain.hpke_seal(public, material, b"info", b"extra", b"text")

    assert private.hex() == "497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d"
    assert public.hex() == "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c"
    assert sealed[:32].hex() == "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256"
    assert plain.hpke_open(private, sealed, b"info", b"extra") == b"text"
    assert plain.hpke_open(private, sealed, b"other", b"extra") is None


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge["name"])
def test_ed25519_is_judged_as_strictly_as_everywhere_else(edge: dict[str, Any]) -> None:
    assert plain.ed25519_holds(of(edge["key"]), of(edge["message"]), of(edge["signature"])) is edge["valid"]


@pytest.mark.parametrize("name", TOKENS)
def test_tokens_of_rfc_9474_hold(name: str) -> None:
    vector = TOKENS[name]
    modulus, message = int(vector["n"], 16), of(vector["msg_prefix"]) + of(vector["msg"])

    assert plain.rsa_pss_holds(modulus, int(vector["e"], 16), message, of(vector["sig"]))
    assert not plain.rsa_pss_holds(modulus, int(vector["e"], 16), message + b"x", of(vector["sig"]))


def test_any_two_of_three_shares_give_the_secret() -> None:
    secret, line = bytes(range(32)), bytes(range(100, 132))
    shares = {officer: plain.share_of(secret, line, officer) for officer in (1, 2, 3)}

    assert shares[1] == bytes(a ^ b for a, b in zip(secret, line, strict=True))
    for pair in ((1, 2), (1, 3), (2, 3)):
        assert plain.combined({officer: shares[officer] for officer in pair}) == secret


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_of_the_roll_is_that_of_rfc_6962(size: int) -> None:
    assert plain.merkle_root(INPUTS[:size]).hex() == ROOTS[size - 1]
