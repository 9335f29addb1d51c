// What an officer signs: the frozen election before it opens, the sealed board when it has closed.
import { fromHex, join, text, toHex, u8 } from "../crypto/bytes.js";
import { read as readCanonical } from "../crypto/canonical.js";
import { sign } from "../crypto/ed25519.js";
import { read as readFreeze } from "../crypto/freeze.js";
import { H } from "../crypto/hashing.js";
import * as hpke from "../crypto/hpke.js";
import { publicPart } from "./keyfile.js";

// The officer's own number in the freeze. Throws "stranger" where the file's keys or nonce are not frozen there.
export function numberOf(freeze, keys) {
  const own = publicPart(keys);
  const found = freeze.given.officers.find(
    (one) => one.encryption === own.encryption && one.signing === own.signing && one.nonce === own.nonce,
  );
  if (!found) throw new Error("stranger");
  return found.number;
}

// Opens the own share of the lot's seed, which is also the test share. Throws "share".
export function testShare(freeze, keys, number) {
  const info = join(text("iocop-seed-1"), fromHex(freeze.given.seed_commitment, 32, "seed commitment"), u8(number));
  try {
    const share = hpke.open(keys.encryption, info, new Uint8Array(0), fromHex(freeze.given.sealed_seed[number - 1], 80, "share"));
    if (share.length === 32) return;
  } catch {
    // told below
  }
  throw new Error("share");
}

// {freeze hash, signature, number}, hexadecimal.
export function opening(freezeBytes, keys) {
  const freeze = readFreeze(freezeBytes);
  const number = numberOf(freeze, keys);
  testShare(freeze, keys, number);
  return { hash: toHex(freeze.hash), number, signature: toHex(sign(join(text("iocop-open-1"), freeze.hash), keys.signing)) };
}

// As `opening`, with the private X25519 key. Throws "sealed" where the document is not of this election.
export function closing(freezeBytes, sealedBytes, keys) {
  const freeze = readFreeze(freezeBytes);
  const number = numberOf(freeze, keys);
  const sealed = readCanonical(sealedBytes);
  if (sealed.format !== "iocop-sealed-1" || sealed.freeze !== toHex(freeze.hash)) throw new Error("sealed");
  const X = H(sealedBytes);
  return {
    hash: toHex(X), number, sealed,
    signature: toHex(sign(join(text("iocop-close-1"), X), keys.signing)),
    key: toHex(keys.encryption),
  };
}
