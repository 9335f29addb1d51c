// The voting code: 16 random bytes, how they are written, and everything that comes from them.
import { join, text, toNumber } from "./bytes.js";
import { publicKey } from "./ed25519.js";
import { H, hkdf } from "./hashing.js";

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32

function checkOf(code) {
  const [first, second] = H(text("iocop-code-1"), code);
  return LETTERS[first >> 3] + LETTERS[((first & 7) << 2) | (second >> 6)];
}

export function write(code) {
  let bits = toNumber(code) << 2n;
  let letters = "";
  for (let at = 0; at < 26; at += 1, bits >>= 5n) letters = LETTERS[Number(bits & 31n)] + letters;
  return (letters + checkOf(code)).match(/.{4}/g).join("-");
}

// The code as somebody typed it. Throws an Error whose message is one of: length, letter, check.
export function read(typed) {
  const letters = typed.toUpperCase().replace(/[\s\-–—_.]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  if (![...letters].every((letter) => LETTERS.includes(letter))) throw new Error("letter");
  if (letters.length !== 28) throw new Error("length");
  let bits = [...letters.slice(0, 26)].reduce((number, letter) => (number << 5n) | BigInt(LETTERS.indexOf(letter)), 0n);
  const code = new Uint8Array(16);
  const rest = bits & 3n;
  bits >>= 2n;
  for (let at = 15; at >= 0; at -= 1, bits >>= 8n) code[at] = Number(bits & 255n);
  if (rest || checkOf(code) !== letters.slice(26)) throw new Error("check");
  return code;
}

// *freeze*: hash (F) and issuer ({n, e}).
export function keysOf(freeze, code) {
  const from = (info, length) => hkdf(freeze.hash, code, info, length);
  const seed = from("iocop voter key", 32);
  const voter = publicKey(seed);
  return {
    code, seed, voter,
    randomizer: from("iocop randomizer", 32),
    salt: from("iocop salt", 48),
    factor: 1n + (toNumber(from("iocop blind", 448)) % (freeze.issuer.n - 1n)),
    own: from("iocop own key", 32),
    message: join(text("iocop-token-1"), freeze.hash, voter),
  };
}
