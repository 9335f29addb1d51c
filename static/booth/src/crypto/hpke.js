// HPKE (RFC 9180), base mode, one message a key: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
// The ephemeral key comes from outside, so that whoever has the seed can seal again and compare.
import { gcm } from "@noble/ciphers/aes.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { join, text } from "./bytes.js";

const VERSION = text("HPKE-v1");
const KEM = join(text("KEM"), Uint8Array.of(0, 0x20));
const SUITE = join(text("HPKE"), Uint8Array.of(0, 0x20, 0, 1, 0, 2));
const NOTHING = new Uint8Array(0);

function labeledExtract(suite, salt, label, key) {
  return extract(sha256, join(VERSION, suite, text(label), key), salt);
}

function labeledExpand(suite, key, label, info, length) {
  return expand(sha256, key, join(Uint8Array.of(length >> 8, length & 255), VERSION, suite, text(label), info), length);
}

// RFC 9180, 7.1.3: the private key that 32 bytes stand for.
export function deriveKey(material) {
  return labeledExpand(KEM, labeledExtract(KEM, NOTHING, "dkp_prk", material), "sk", NOTHING, 32);
}

export const publicKey = (key) => x25519.getPublicKey(key);

// An X25519 key of somebody else: below 2^255 - 19, and not of small order.
export function isPublicKey(bytes) {
  const low = bytes[31] < 127 || bytes[0] < 0xed || bytes.subarray(1, 31).some((byte) => byte !== 255);
  if (bytes.length !== 32 || bytes[31] > 127 || !low) return false;
  try {
    return Boolean(x25519.getSharedSecret(new Uint8Array(32).fill(1), bytes));
  } catch {
    return false;
  }
}

// RFC 9180, 4.1 and 5.1: AEAD key and nonce of both sides.
function context(shared, enc, recipient, info) {
  const secret = labeledExpand(KEM, labeledExtract(KEM, NOTHING, "eae_prk", shared), "shared_secret", join(enc, recipient), 32);
  const [noId, hashed] = [labeledExtract(SUITE, NOTHING, "psk_id_hash", NOTHING), labeledExtract(SUITE, NOTHING, "info_hash", info)];
  const schedule = join(Uint8Array.of(0), noId, hashed);
  const key = labeledExtract(SUITE, secret, "secret", NOTHING);
  return [labeledExpand(SUITE, key, "key", schedule, 32), labeledExpand(SUITE, key, "base_nonce", schedule, 12)];
}

// enc ‖ ciphertext
export function seal(recipient, ephemeral, info, additional, plaintext) {
  const enc = publicKey(ephemeral);
  const [key, nonce] = context(x25519.getSharedSecret(ephemeral, recipient), enc, recipient, info);
  return join(enc, gcm(key, nonce, additional).encrypt(plaintext));
}

// Throws where the box is not for this key, or was altered.
export function open(privateKey, info, additional, sealed) {
  const enc = sealed.subarray(0, 32);
  const shared = x25519.getSharedSecret(privateKey, enc);
  const [key, nonce] = context(shared, enc, publicKey(privateKey), info);
  return gcm(key, nonce, additional).decrypt(sealed.subarray(32));
}
