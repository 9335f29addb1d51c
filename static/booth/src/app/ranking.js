// A ranking as a voter makes it: *marks* holds one number a candidate, 1 is best, 0 not ranked. All functions return new marks.

// Candidates' indices, best first; equal ones as they stand in *order*.
export function ranked(marks, order) {
  const chosen = order.filter((index) => marks[index]);
  return chosen.sort((one, other) => marks[one] - marks[other] || order.indexOf(one) - order.indexOf(other));
}

const numbered = (marks, indices) => marks.map((_, index) => indices.indexOf(index) + 1);

// One after another, 1 to m: equal ranks are parted in *order*, gaps closed.
export const spread = (marks, order) => numbered(marks, ranked(marks, order));

export function closeGaps(marks) {
  const used = [...new Set(marks.filter(Boolean))].sort((one, other) => one - other);
  return marks.map((mark) => (mark ? used.indexOf(mark) + 1 : 0));
}

export const hasGaps = (marks) => closeGaps(marks).some((mark, index) => mark !== marks[index]);

// Groups of indices that share a rank.
export function equals(marks) {
  const used = [...new Set(marks.filter(Boolean))].sort((one, other) => one - other);
  return used.map((rank) => marks.flatMap((mark, index) => (mark === rank ? [index] : []))).filter(({ length }) => length > 1);
}

export const next = (marks) => Math.max(0, ...marks) + 1;

export function put(marks, index, rank) {
  return marks.map((mark, at) => (at === index ? rank : mark));
}

// Puts a ranked candidate at a place (from 0) among the ranked; those between move on.
export function moveTo(marks, order, index, place) {
  const others = ranked(marks, order).filter((one) => one !== index);
  others.splice(Math.max(0, place), 0, index);
  return numbered(marks, others);
}
