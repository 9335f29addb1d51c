// freeze.json, read and judged: everything later steps rely on is checked here, once.
import { fromHex, toHex, toNumber } from "./bytes.js";
import { read as readCanonical } from "./canonical.js";
import { isPublicKey as isSigningKey } from "./ed25519.js";
import { H } from "./hashing.js";
import { isPublicKey as isEncryptionKey } from "./hpke.js";
import { kindOf, RANKING } from "./plaintext.js";

function must(holds, what) {
  if (!holds) throw new Error(`freeze.json: ${what}`);
}

function moment(given, what) {
  const date = new Date(given);
  must(!Number.isNaN(date.getTime()) && date.toISOString().replace(".000Z", "Z") === given, what); // 31 February is 3 March to a browser
  return date;
}

function officerOf({ number, name, encryption, signing }, at) {
  const keys = { encryption: fromHex(encryption, 32, "officer's key"), signing: fromHex(signing, 32, "officer's key") };
  must(number === at + 1, "the officers' numbers");
  must(isEncryptionKey(keys.encryption) && isSigningKey(keys.signing), `the keys of officer ${number}`);
  return { number, name, ...keys };
}

function issuerOf({ n, e }) {
  const modulus = toNumber(fromHex(n, 384, "issuer"));
  must(e === 65537 && modulus & 1n && modulus >> 3071n === 1n, "the issuer's key");
  return { n: modulus, e: BigInt(e) };
}

function mostRanks(rules, candidates) {
  const most = rules.most_ranks || candidates; // 0: all
  must(Number.isInteger(most) && most > 0, "the most ranks");
  return Math.min(most, candidates);
}

const distinct = (hexes) => new Set(hexes).size === hexes.length;

// *bytes* exactly as they were served. Throws an Error that says what is wrong with them.
export function read(bytes) {
  const given = readCanonical(bytes);
  must(given.format === "iocop-election-1", "the format");
  const officers = given.officers.map(officerOf);
  const { length } = given.candidates;
  must(length > 0 && length <= 200 && given.candidates.every(({ number }, at) => number === at + 1), "the candidates");
  must(given.needed >= 2 && 2 * given.needed > officers.length && given.needed <= officers.length, "how many officers open");
  must(officers.length <= 255 && distinct(officers.flatMap((one) => [toHex(one.encryption), toHex(one.signing)])), "two keys alike");
  const kind = kindOf(given.rules.rule);
  const acknowledger = fromHex(given.acknowledger, 32, "acknowledger");
  must(isSigningKey(acknowledger), "the acknowledger's key");
  return {
    given, kind, officers, acknowledger,
    hash: H(bytes),
    issuer: issuerOf(given.issuer),
    candidates: given.candidates,
    needed: given.needed,
    opens: moment(given.opens, "opens"),
    closes: moment(given.closes, "closes"),
    mostRanks: kind === RANKING ? mostRanks(given.rules, length) : 0,
  };
}
