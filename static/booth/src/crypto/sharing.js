// Shamir's sharing over GF(2^8), polynomial 0x11b, byte by byte.

export function multiply(one, other) {
  let [product, factor] = [0, one];
  for (let bits = other; bits; bits >>= 1) {
    if (bits & 1) product ^= factor;
    factor = (factor << 1) ^ (factor & 0x80 ? 0x11b : 0);
  }
  return product;
}

// a^254 is 1/a
function inverse(number) {
  let result = 1;
  for (let times = 0; times < 254; times += 1) result = multiply(result, number);
  return result;
}

// The share at x of *secret*, whose coefficients of degree 1 … k-1 lie one after another in *coefficients*.
export function share(secret, coefficients, x) {
  return secret.map((byte, at) => {
    let value = 0;
    for (let from = coefficients.length - secret.length; from >= 0; from -= secret.length) {
      value = multiply(value, x) ^ coefficients[from + at];
    }
    return multiply(value, x) ^ byte;
  });
}

// The secret of [[x, share], …]: Lagrange's value at 0.
export function combine(shares) {
  const secret = new Uint8Array(shares[0][1].length);
  for (const [x, bytes] of shares) {
    let weight = 1;
    for (const [other] of shares) if (other !== x) weight = multiply(weight, multiply(other, inverse(other ^ x)));
    bytes.forEach((byte, at) => { secret[at] ^= multiply(weight, byte); });
  }
  return secret;
}
