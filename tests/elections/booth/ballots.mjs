// Reads a document of tests/elections/vectors/ballots.py from standard input, seals every ballot of it anew from code and
// marks, and writes the same document with its own values in place of those given.
import { readFileSync } from "node:fs";
import "./packages.mjs";

const booth = (path) => import(new URL(`../../../static/booth/src/crypto/${path}.js`, import.meta.url));
const [bytes, codes, freezes, sealing] = await Promise.all(["bytes", "code", "freeze", "sealing"].map(booth));

const given = JSON.parse(readFileSync(0, "utf8"));
const freeze = freezes.read(Buffer.from(given.freeze, "hex"));
const derived = new Map();

// A voter's keys and token, once for all revisions.
function voterOf({ code, blind_signature: signed }) {
  if (!derived.has(code)) {
    const keys = codes.keysOf(freeze, codes.read(code));
    const { blinded, finish } = sealing.tokenRequest(freeze, keys);
    derived.set(code, { keys, blinded, token: finish(bytes.fromHex(signed, 384, "blind signature")) });
  }
  return derived.get(code);
}

function sealed(row) {
  const { keys, blinded, token } = voterOf(row);
  const { wire, hash } = sealing.seal(freeze, keys, token, row.marks, row.revision, bytes.fromHex(row.previous, 32, "previous"));
  if (row.revision === 1) {
    const own = sealing.recover(freeze, keys.code, Buffer.from(row.wire, "hex"));
    if (own.spoilt || own.revision !== 1 || String(own.marks) !== String(row.marks)) throw new Error("the own copy says something else");
  }
  return {
    ...row, code: codes.write(keys.code), kind: freeze.kind, blinded: bytes.toHex(blinded), token: bytes.toHex(token),
    wire: bytes.toHex(wire), hash: bytes.toHex(hash),
  };
}

process.stdout.write(JSON.stringify({ ...given, ballots: given.ballots.map(sealed) }));
