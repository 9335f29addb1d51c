// What a ballot says: exactly 256 bytes.
import { equal, join, u8 } from "./bytes.js";

export const LENGTH = 256;
export const RANKING = 1;
export const MARKS = 2;
export const ANSWERS = 3;

const KINDS = {
  scottish: RANKING, meek: RANKING, schulze: RANKING,
  plurality: MARKS, block: MARKS, approval: MARKS,
  affirmation: ANSWERS, motion: ANSWERS,
};

export function kindOf(rule) {
  if (!Object.hasOwn(KINDS, rule)) throw new Error(`unknown rule ${rule}`);
  return KINDS[rule];
}

// *marks*: one number a candidate, in frozen order.
export function write(freeze, marks) {
  if (marks.length !== freeze.candidates.length) throw new Error("one mark a candidate");
  const head = join(u8(1), u8(freeze.kind), freeze.hash);
  return join(head, Uint8Array.from(marks), new Uint8Array(LENGTH - head.length - marks.length));
}

function spoiltBy(freeze, plaintext, marks) {
  const most = { [RANKING]: freeze.mostRanks, [MARKS]: 1, [ANSWERS]: 3 }[freeze.kind];
  if (plaintext[0] !== 1) return "version";
  if (!equal(plaintext.subarray(2, 34), freeze.hash)) return "election";
  if (plaintext[1] !== freeze.kind) return "kind";
  if (plaintext.subarray(34 + marks.length).some((byte) => byte)) return "padding";
  return marks.some((mark) => mark > most) ? "value" : "";
}

// {marks, spoilt}: *spoilt* is empty or the first reason that holds.
export function read(freeze, plaintext) {
  const marks = [...plaintext.subarray(34, 34 + freeze.candidates.length)];
  return { marks, spoilt: spoiltBy(freeze, plaintext, marks) };
}
