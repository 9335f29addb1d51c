// Reads published vectors from standard input (test_crypto.py), writes what the booth's sources make of them.
import { readFileSync } from "node:fs";
import "./packages.mjs";

const booth = (path) => import(new URL(`../../../static/booth/src/crypto/${path}.js`, import.meta.url));
const [ed25519, hpke, sharing, tokens, codes, bytes, canonical, freezes] = await Promise.all(
  ["ed25519", "hpke", "sharing", "tokens", "code", "bytes", "canonical", "freeze"].map(booth),
);
const of = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
const { toHex, toNumber } = bytes;
const given = JSON.parse(readFileSync(0, "utf8"));

function blindSignature(vector) {
  const key = { n: toNumber(of(vector.n)), e: toNumber(of(vector.e)) };
  const [prepared, salt] = [tokens.prepare(of(vector.msg_prefix), of(vector.msg)), of(vector.salt)];
  const { blinded, undo } = tokens.blind(key, prepared, salt, toNumber(of(vector.factor)));
  const token = tokens.finalize(key, prepared, of(vector.blind_sig), undo, salt.length);
  const altered = token.slice();
  altered[100] ^= 1;
  return { blinded: toHex(blinded), token: toHex(token), altered: tokens.verify(key, prepared, altered, salt.length) };
}

function box({ ephemeral, recipient, info, additional, plaintext }) {
  const [privateKey, key] = [hpke.deriveKey(of(recipient)), hpke.deriveKey(of(ephemeral))];
  const sealed = hpke.seal(hpke.publicKey(privateKey), key, of(info), of(additional), of(plaintext));
  return { private: toHex(privateKey), sealed: toHex(sealed), opened: toHex(hpke.open(privateKey, of(info), of(additional), sealed)) };
}

function shared({ secret, coefficients, numbers }) {
  const shares = numbers.map((x) => [x, sharing.share(of(secret), of(coefficients), x)]);
  return { shares: shares.map(([, share]) => toHex(share)), combined: toHex(sharing.combine(shares.slice(-2))) };
}

function readCode(typed) {
  try {
    return toHex(codes.read(typed));
  } catch (error) {
    return error.message;
  }
}

// Whether *read* takes the bytes.
function taken(read, hex) {
  try {
    read(of(hex));
    return true;
  } catch {
    return false;
  }
}

process.stdout.write(JSON.stringify({
  signatures: given.signatures.map((one) => ed25519.verify(of(one.signature), of(one.message), of(one.key))),
  signing_keys: given.signing_keys.map((key) => ed25519.isPublicKey(of(key))),
  encryption_keys: given.encryption_keys.map((key) => hpke.isPublicKey(of(key))),
  tokens: given.tokens.map(blindSignature),
  boxes: given.boxes.map(box),
  shares: given.shares.map(shared),
  codes: given.codes.map(readCode),
  documents: given.documents.map((hex) => taken(canonical.read, hex)),
  freezes: given.freezes.map((hex) => taken(freezes.read, hex)),
}));
