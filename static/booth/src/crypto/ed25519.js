// Ed25519, strictly: canonical points, none of small order, S < L, the cofactorless equation.
// The library's own check multiplies by the cofactor and lets R be of small order; so the equation is done here.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";

import { equal, join } from "./bytes.js";

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER; // L

const littleEndian = (bytes) => bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);

// The point of 32 bytes; null where they are not canonical, not on the curve, or of small order.
function strictPoint(bytes) {
  try {
    const point = Point.fromBytes(bytes, false);
    return point.isSmallOrder() ? null : point;
  } catch {
    return null;
  }
}

export const isPublicKey = (bytes) => bytes.length === 32 && strictPoint(bytes) !== null;
export const publicKey = (seed) => ed25519.getPublicKey(seed);
export const sign = (message, seed) => ed25519.sign(message, seed);

export function verify(signature, message, key) {
  if (signature.length !== 64 || key.length !== 32) return false;
  const encodedR = signature.subarray(0, 32);
  const [A, R, S] = [strictPoint(key), strictPoint(encodedR), littleEndian(signature.subarray(32))];
  if (!A || !R || S >= ORDER) return false;
  const k = littleEndian(sha512(join(encodedR, key, message))) % ORDER;
  return equal(Point.BASE.multiplyUnsafe(S).subtract(A.multiplyUnsafe(k)).toBytes(), encodedR);
}
