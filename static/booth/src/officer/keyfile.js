// An officer's keys of one election, and the file they are kept in: the private part under a passphrase.
// scrypt (RFC 7914) makes the key of AES-256-GCM; everything readable in the file is its additional data.
import { gcm } from "@noble/ciphers/aes.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";

import { fromHex, join, text, toHex } from "../crypto/bytes.js";
import { write } from "../crypto/canonical.js";
import * as ed25519 from "../crypto/ed25519.js";
import * as hpke from "../crypto/hpke.js";

export const FORMAT = "iocop-officer-1";
const COST = { N: 2 ** 17, r: 8, p: 1 }; // 128 MB, about a second
const HIGHEST = 2 ** 20;

const random = (length) => crypto.getRandomValues(new Uint8Array(length));

// {encryption, signing}: private keys of 32 bytes.
export function fresh() {
  return { encryption: random(32), signing: random(32), nonce: random(32) };
}

// What the site is given, in hexadecimal.
export function publicPart({ encryption, signing, nonce }) {
  return {
    encryption: toHex(hpke.publicKey(encryption)),
    signing: toHex(ed25519.publicKey(signing)),
    nonce: toHex(nonce),
  };
}

async function boxOf(passphrase, readable, onProgress) {
  const { N, r, p, salt } = readable.scrypt;
  const options = { N, r, p, dkLen: 32, maxmem: 2 ** 31, onProgress, asyncTick: 20 };
  const key = await scryptAsync(text(passphrase.normalize("NFC")), fromHex(salt, 16, "salt"), options);
  return gcm(key, fromHex(readable.iv, 12, "iv"), text(write(readable)));
}

// The file's text. *about*: what a person should find in it (site, election, title, officer's name), all texts.
export async function lock(keys, passphrase, about, onProgress) {
  const readable = {
    format: FORMAT, about, public: publicPart(keys), scrypt: { ...COST, salt: toHex(random(16)) }, iv: toHex(random(12)),
  };
  const box = await boxOf(passphrase, readable, onProgress);
  const sealed = toHex(box.encrypt(join(keys.encryption, keys.signing)));
  return `${JSON.stringify({ ...readable, sealed }, null, 1)}\n`;
}

function parsed(words) {
  try {
    const { sealed, ...readable } = JSON.parse(words);
    const { N, r, p } = readable.scrypt;
    if (readable.format === FORMAT && [N, r, p].every(Number.isInteger) && N <= HIGHEST && r <= 8 && p <= 4) {
      return { readable, sealed: fromHex(sealed, 80, "sealed") };
    }
  } catch {
    // told below
  }
  throw new Error("file");
}

// The keys of a file. Throws an Error whose message is "file" (not one of ours) or "passphrase" (wrong, or the file was altered).
export async function unlock(words, passphrase, onProgress) {
  const { readable, sealed } = parsed(words);
  const box = await boxOf(passphrase, readable, onProgress);
  try {
    const both = box.decrypt(sealed);
    const keys = { encryption: both.slice(0, 32), signing: both.slice(32), nonce: fromHex(readable.public.nonce, 32, "nonce") };
    if (write(publicPart(keys)) === write(readable.public)) return keys;
  } catch {
    // told below
  }
  throw new Error("passphrase");
}
