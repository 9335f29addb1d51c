// The last step: what proves that the ballot is held, and where it stands on the board.
import { fromHex, toHex } from "../crypto/bytes.js";
import { headAfter, includes } from "../crypto/board.js";
import { MOST_REVISIONS } from "../crypto/sealing.js";
import { said } from "./ballot.js";
import { button, details, groups, h, notice, print, save } from "./dom.js";
import { t } from "./words.js";

// {block, blocks}: where the ballot stands (0: nowhere yet), after every block was checked from the freeze on.
export async function findOnBoard(voter) {
  const [state, ballot] = [await voter.site.state(), fromHex(voter.record.held.hash, 32, "ballot")];
  voter.state = state;
  let [head, found] = [voter.freeze.hash, 0];
  for (let number = 1; number <= state.blocks; number += 1) {
    const block = await voter.site.block(number);
    const ballots = block.ballots.map((one) => fromHex(one, 32, "ballot"));
    head = headAfter(head, number, ballots);
    if (toHex(head) !== block.head) throw new Error(`block ${number}`);
    if (includes(ballots, ballot)) found = number;
  }
  if (toHex(head) !== state.board) throw new Error("the newest head");
  return { block: found, blocks: state.blocks };
}

function boardTold(voter, { block, blocks }) {
  if (block) return notice("ok", null, t("receipt.boardHas", { block, blocks }));
  const closed = ["sealed", "counted", "certified"].includes(voter.state.state);
  return closed ? notice("danger", null, t("receipt.boardMissing")) : h("p", { class: "muted" }, t("receipt.boardWait", { n: voter.freeze.given.block_minimum }));
}

function boardTrouble(error) {
  const broken = Object.getPrototypeOf(error) === Error.prototype;
  return broken ? notice("danger", null, t("receipt.boardBroken", { why: error.message })) : h("p", { class: "muted" }, t("receipt.boardReach"));
}

function board(voter) {
  const place = h("div", { "aria-live": "polite" });
  const look = button(t("receipt.boardLook"), show, { kind: "small" });
  async function show() {
    look.disabled = true;
    place.replaceChildren(h("p", { class: "muted" }, t("receipt.boardLooking")));
    place.replaceChildren(await findOnBoard(voter).then((found) => boardTold(voter, found), boardTrouble));
    look.disabled = false;
  }
  show();
  return h("section", { class: "stack tight no-print" }, h("h2", { class: "small-title" }, t("receipt.board")), place, h("div", {}, look));
}

function saved(voter) {
  const { held } = voter.record;
  const { site, address, election, title } = voter.freeze.given;
  return JSON.stringify({ format: "iocop-receipt-1", site, address, election, title, freeze: voter.id, ballot: held.hash, revision: held.revision, acknowledgement: held.signature }, null, 1);
}

function forgetting(voter, go) {
  const place = h("div", { "aria-live": "polite" });
  const ask = button(t("receipt.forget"), () => {
    const yes = button(t("receipt.forgetYes"), () => { voter.forget(); go("forgotten"); }, { kind: "small danger" });
    place.replaceChildren(notice("warn", null, t("receipt.forgetAsk"), h("div", { class: "actions" }, yes, button(t("receipt.forgetNo"), () => { place.replaceChildren(); ask.focus(); }, { kind: "small" }))));
    yes.focus();
  }, { kind: "small" });
  return h("div", { class: "stack tight no-print" }, h("div", {}, ask), place);
}

function proof(voter, found) {
  const { held } = voter.record;
  const { title, site } = voter.freeze.given;
  return h("section", { class: "paper receipt" },
    h("p", { class: "muted small" }, `${title} · ${site}`),
    h("h2", { class: "small-title" }, t("receipt.hash")), groups(held.hash),
    h("p", { class: "muted small" }, t("receipt.hashHint")),
    !found && h("h2", { class: "small-title" }, t("receipt.ack")),
    !found && h("p", {}, t("receipt.ackOk")),
    !found && h("div", { class: "print-only" }, groups(held.signature)),
    h("p", { class: "muted small" }, t("receipt.number", { revision: held.revision, most: MOST_REVISIONS })));
}

export function receipt(voter, go) {
  const found = !voter.record.held.signature;
  const paper = proof(voter, found);
  const lead = { true: "receipt.foundHint", false: voter.late ? "receipt.after" : "receipt.lead" }[found];
  const again = () => { voter.keep({ draft: voter.heldMarks }); go("ballot"); };
  return [
    h("h1", { tabindex: "-1" }, t(found ? "receipt.found" : "receipt.title")),
    notice("ok", null, t(lead)),
    paper,
    h("div", { class: "actions" },
      button(t("receipt.save"), () => save(t("receipt.file", { election: voter.election ?? "" }), saved(voter), "application/json"), { kind: "primary", picture: "download" }),
      button(t("print"), () => print(paper)),
      !voter.late && voter.record.token && button(t("receipt.again"), again, { picture: "pencil" })),
    details(t("receipt.vote"), h("p", { class: "muted small" }, t("receipt.voteHint")), ...said(voter, voter.heldMarks)),
    voter.connected && board(voter),
    forgetting(voter, go),
  ];
}

export function forgotten() {
  return [h("h1", { tabindex: "-1" }, t("receipt.forgotten")), notice("ok", null, t("receipt.forgottenHint"))];
}
