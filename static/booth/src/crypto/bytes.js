// Bytes and how they are written: hexadecimal, numbers (big-endian), ASCII, joined.
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";

export const join = concatBytes;
export const toHex = bytesToHex;
export const text = (words) => new TextEncoder().encode(words);

// Lower-case hexadecimal of exactly *length* bytes, or an error that names *what*.
export function fromHex(hex, length, what) {
  if (typeof hex !== "string" || !/^[0-9a-f]*$/.test(hex) || hex.length !== 2 * length) {
    throw new Error(`${what}: not ${length} bytes in lower-case hexadecimal`);
  }
  return hexToBytes(hex);
}

export function u8(number) {
  if (!Number.isInteger(number) || number < 0 || number > 255) throw new RangeError(`${number} is no byte`);
  return Uint8Array.of(number);
}

export function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

export function equal(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

// Which of two byte strings sorts first: negative, zero or positive, as Array.sort wants it.
export function compare(one, other) {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 || at >= other.length ? one.length - other.length : one[at] - other[at];
}

export function toNumber(bytes) {
  return bytes.length ? BigInt(`0x${toHex(bytes)}`) : 0n;
}

export function fromNumber(number, length) {
  return hexToBytes(number.toString(16).padStart(2 * length, "0"));
}
