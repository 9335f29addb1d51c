// What the site owes a voter: an acknowledgement it signed, and the ballot's hash in a block of the board.
import { compare, equal, join, text, u32 } from "./bytes.js";
import { verify } from "./ed25519.js";
import { H } from "./hashing.js";

export function acknowledged(freeze, ballot, signature) {
  return verify(signature, join(text("iocop-ack-1"), freeze.hash, ballot), freeze.acknowledger);
}

// The head after a block; throws where its hashes are not sorted, or one stands twice.
export function headAfter(head, number, ballots) {
  if (ballots.some((ballot, at) => at && compare(ballots[at - 1], ballot) >= 0)) throw new Error("a block is not sorted");
  return H(text("iocop-block-1"), head, u32(number), u32(ballots.length), ...ballots);
}

export const includes = (ballots, ballot) => ballots.some((one) => equal(one, ballot));
