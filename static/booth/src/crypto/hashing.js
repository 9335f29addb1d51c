// H is SHA-256; hkdf is HKDF-SHA-256 (RFC 5869) with the freeze hash as salt.
import { hkdf as plainHkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { join, text } from "./bytes.js";

export const H = (...parts) => sha256(join(...parts));

// *info*: ASCII, or bytes.
export function hkdf(freezeHash, key, info, length) {
  return plainHkdf(sha256, key, freezeHash, typeof info === "string" ? text(info) : info, length);
}
