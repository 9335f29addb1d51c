// The voter's side of RFC 9474: RSABSSA-SHA384-PSS-Randomized. Salt, randomizer and blinding factor come from outside.
import { sha384 } from "@noble/hashes/sha2.js";

import { equal, fromNumber, join, toNumber, u32 } from "./bytes.js";

const HASH = 48;

function power(base, exponent, modulus) {
  let [result, factor] = [1n, base % modulus];
  for (let bits = exponent; bits; bits >>= 1n) {
    if (bits & 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}

function inverse(number, modulus) {
  let [low, high, x, y] = [number, modulus, 1n, 0n];
  while (low > 1n) {
    const times = high / low;
    [low, high, x, y] = [high - times * low, low, y - times * x, x];
  }
  if (low !== 1n) throw new Error("the blinding factor has no inverse");
  return ((x % modulus) + modulus) % modulus;
}

function mask(seed, length) {
  const blocks = Math.ceil(length / HASH);
  return join(...Array.from({ length: blocks }, (_, at) => sha384(join(seed, u32(at))))).subarray(0, length);
}

const xor = (one, other) => one.map((byte, at) => byte ^ other[at]);

// EMSA-PSS-ENCODE (RFC 8017, 9.1.1) with SHA-384, MGF1-SHA-384.
export function encode(message, salt, bits) {
  const length = Math.ceil(bits / 8);
  const hash = sha384(join(new Uint8Array(8), sha384(message), salt));
  const padding = new Uint8Array(length - salt.length - HASH - 2);
  const masked = xor(join(padding, Uint8Array.of(1), salt), mask(hash, length - HASH - 1));
  masked[0] &= 255 >> (8 * length - bits);
  return join(masked, hash, Uint8Array.of(0xbc));
}

// EMSA-PSS-VERIFY (RFC 8017, 9.1.2).
function matches(encoded, message, saltLength, bits) {
  const [masked, hash] = [encoded.subarray(0, -HASH - 1), encoded.subarray(-HASH - 1, -1)];
  const block = xor(masked, mask(hash, masked.length));
  block[0] &= 255 >> (8 * encoded.length - bits);
  return equal(encode(message, block.subarray(block.length - saltLength), bits), encoded);
}

const bitsOf = (modulus) => modulus.toString(2).length;
const bytesOf = (modulus) => Math.ceil(bitsOf(modulus) / 8);

export const prepare = (randomizer, message) => join(randomizer, message);

// key: {n, e}, both BigInt; *factor* from 1 to n - 1. Gives the blinded message, and what undoes the blinding.
export function blind(key, prepared, salt, factor) {
  const encoded = toNumber(encode(prepared, salt, bitsOf(key.n) - 1));
  const undo = inverse(factor, key.n);
  return { blinded: fromNumber((encoded * power(factor, key.e, key.n)) % key.n, bytesOf(key.n)), undo };
}

export function verify(key, prepared, signature, saltLength) {
  const number = toNumber(signature);
  if (signature.length !== bytesOf(key.n) || number >= key.n) return false;
  const bits = bitsOf(key.n) - 1;
  const opened = power(number, key.e, key.n);
  return opened < 1n << BigInt(8 * Math.ceil(bits / 8)) && matches(fromNumber(opened, Math.ceil(bits / 8)), prepared, saltLength, bits);
}

// The signature, or an error where the blind signature is not one of *key*.
export function finalize(key, prepared, blindSignature, undo, saltLength) {
  const signature = fromNumber((toNumber(blindSignature) * undo) % key.n, bytesOf(key.n));
  if (blindSignature.length !== bytesOf(key.n) || !verify(key, prepared, signature, saltLength)) {
    throw new Error("the token is not signed by this election's key");
  }
  return signature;
}
