// One ballot: from voting code, token and marks to the bytes that are cast, and back again by the code alone.
import { gcm } from "@noble/ciphers/aes.js";

import { join, text, u8 } from "./bytes.js";
import { keysOf } from "./code.js";
import { sign } from "./ed25519.js";
import { H, hkdf } from "./hashing.js";
import * as hpke from "./hpke.js";
import * as plaintexts from "./plaintext.js";
import { share } from "./sharing.js";
import * as tokens from "./tokens.js";

export const MOST_REVISIONS = 20;
export const FIXED = 911; // bytes of a wire without the sealed shares
export const SHARE = 80;

export const lengthOf = (freeze) => FIXED + SHARE * freeze.officers.length;

// {blinded, finish}: what the site is asked to sign, and what makes the token of its answer.
export function tokenRequest(freeze, keys) {
  const prepared = tokens.prepare(keys.randomizer, keys.message);
  const { blinded, undo } = tokens.blind(freeze.issuer, prepared, keys.salt, keys.factor);
  return {
    blinded,
    finish: (signature) => tokens.finalize(freeze.issuer, prepared, signature, undo, keys.salt.length),
  };
}

function sealedShares(freeze, keys, revision, seed) {
  const coefficients = hkdf(freeze.hash, seed, "iocop share coefficients", 32 * (freeze.needed - 1));
  return freeze.officers.map(({ number, encryption }) => {
    const ephemeral = hpke.deriveKey(hkdf(freeze.hash, seed, join(text("iocop ephemeral"), u8(number)), 32));
    const info = join(text("iocop-share-1"), freeze.hash, u8(number));
    return hpke.seal(encryption, ephemeral, info, join(keys.voter, u8(revision)), share(seed, coefficients, number));
  });
}

function boxOf(freeze, keys, revision, seed) {
  const [key, nonce] = [hkdf(freeze.hash, seed, "iocop ballot key", 32), hkdf(freeze.hash, seed, "iocop ballot nonce", 12)];
  return gcm(key, nonce, join(freeze.hash, keys.voter, u8(revision)));
}

function ownCopy(freeze, keys, revision, seed) {
  const nonce = hkdf(freeze.hash, seed, "iocop own nonce", 12);
  return join(nonce, gcm(keys.own, nonce, join(keys.voter, u8(revision))).encrypt(seed));
}

// {wire, hash}; *previous*: hash of the ballot with revision - 1, null for the first.
export function seal(freeze, keys, token, marks, revision, previous) {
  if (revision < 1 || revision > MOST_REVISIONS) throw new RangeError("revision");
  const plaintext = plaintexts.write(freeze, marks);
  const seed = hkdf(freeze.hash, keys.code, join(text("iocop ballot seed"), u8(revision), H(plaintext)), 32);
  const signed = join(
    u8(1), u8(0), freeze.hash, keys.voter, u8(revision), previous ?? new Uint8Array(32), keys.randomizer, token,
    boxOf(freeze, keys, revision, seed).encrypt(plaintext), ownCopy(freeze, keys, revision, seed),
    ...sealedShares(freeze, keys, revision, seed),
  );
  const wire = join(signed, sign(join(text("iocop-ballot-1"), signed), keys.seed));
  return { wire, hash: H(wire) };
}

// {revision, hash, marks, spoilt} of a wire of one's own; throws where it is not of this code.
export function recover(freeze, code, wire) {
  if (wire.length !== lengthOf(freeze)) throw new Error("not a ballot of this election");
  const [keys, revision] = [keysOf(freeze, code), wire[66]];
  const [box, own] = [wire.subarray(515, 787), wire.subarray(787, 847)];
  const seed = gcm(keys.own, own.subarray(0, 12), join(keys.voter, u8(revision))).decrypt(own.subarray(12));
  const plaintext = boxOf(freeze, keys, revision, seed).decrypt(box);
  return { revision, hash: H(wire), ...plaintexts.read(freeze, plaintext) };
}
