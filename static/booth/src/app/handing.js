// Handing in a ballot that was sealed where there was no connection.
import { equal, toHex } from "../crypto/bytes.js";
import { acknowledged } from "../crypto/board.js";
import { H } from "../crypto/hashing.js";
import { lengthOf } from "../crypto/sealing.js";
import { groups, h, notice } from "./dom.js";
import { Refused } from "./server.js";
import { moment, t } from "./words.js";

async function handedIn(voter, wire) {
  if (wire.length !== lengthOf(voter.freeze) || !equal(wire.subarray(2, 34), voter.freeze.hash)) return notice("warn", t("hand.bad"));
  try {
    const { ballot, signature } = await voter.site.cast(wire);
    if (!equal(ballot, H(wire)) || !acknowledged(voter.freeze, ballot, signature)) return notice("danger", t("cast.forged"), t("cast.forgedHint"));
    return notice("ok", t("hand.done"), t("hand.doneHint"), groups(toHex(ballot)));
  } catch (error) {
    if (!(error instanceof Refused)) return notice("warn", t("cast.not"), t("lost.reach"));
    if (error.status === 410 && await voter.voided()) return notice("danger", t("start.void"), t("start.voidHint"));
    if (error.status === 410) return notice("danger", t("cast.closed"), t("cast.closedHint", { moment: moment(voter.freeze.closes) }));
    return notice("danger", t("cast.refused"), t("cast.refusedHint", { why: error.message || error.code }));
  }
}

export function handIn(voter) {
  const [input, place] = [h("input", { type: "file", id: "sealed", class: "input" }), h("div", { "aria-live": "polite" })];
  async function send(event) {
    event.preventDefault();
    const [file] = input.files;
    if (!file) return input.focus();
    return place.replaceChildren(await handedIn(voter, new Uint8Array(await file.arrayBuffer())));
  }
  return [
    h("h1", { tabindex: "-1" }, t("hand.title")),
    h("p", { class: "lead" }, t("hand.lead")),
    h("form", { class: "form", novalidate: true, onsubmit: send },
      h("div", { class: "field" }, h("label", { for: "sealed" }, t("hand.file")), input),
      h("div", { class: "actions" }, h("button", { class: "button primary" }, t("hand.send")))),
    place,
  ];
}
