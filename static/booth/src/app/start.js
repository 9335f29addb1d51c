// The first step: which election this is, how long it lasts, and whether this voter can go on.
import { toHex } from "../crypto/bytes.js";
import { button, details, groups, h, notice } from "./dom.js";
import * as store from "./store.js";
import { moment, t } from "./words.js";

function fingerprint(voter) {
  return h("section", { class: "fingerprint" },
    h("h2", { class: "small-title" }, t("start.hash")),
    groups(toHex(voter.freeze.hash)),
    h("p", { class: "muted small" }, t("start.hashHint")));
}

function how(voter) {
  const counts = { needed: voter.freeze.needed, officers: voter.freeze.officers.length };
  return details(t("start.how"), ...[1, 2, 3, 4].map((n) => h("p", {}, t(`start.how${n}`, counts))));
}

function leaf(voter) {
  if (!voter.me?.leaf) return null;
  if (!voter.leafHolds) return notice("danger", t("start.leafWrong"), t("start.leafWrongHint"));
  return details(t("start.leaf"), h("p", {}, t("start.leafHint")), groups(voter.me.leaf));
}

// What stands in the way, or is worth knowing before one begins.
function notices(voter) {
  const { me, record } = voter;
  const closes = { moment: moment(voter.freeze.closes) };
  if (voter.void) return [notice("danger", t("start.void"), t("start.voidHint"))];
  if (voter.others) return [notice("warn", t("start.others"), t("start.othersHint"))];
  const found = [];
  if (voter.late) found.push(notice("warn", t("start.closed"), t("start.closedHint", closes), !record.held && !record.pending && t("start.closedNone")));
  else if (voter.early) found.push(notice("", t("start.notYet"), t("start.notYetHint", { moment: moment(voter.freeze.opens) })));
  if (record.pending) found.push(notice("warn", t("start.pending"), t("start.pendingHint")));
  else if (record.held) found.push(notice("ok", t("start.held"), voter.late ? null : t("start.heldHint")));
  else if (record.token) found.push(notice("", t("start.draft"), t("start.draftHint")));
  else if (!voter.early) found.push(...ownNotices(voter, me));
  if (!store.lasting()) found.push(notice("warn", t("start.lasting"), t("start.lastingHint")));
  return found;
}

function ownNotices(voter, me) {
  if (voter.late) return [];
  if (voter.connected && voter.signedOut) return [notice("", t("start.signedOut"), t("start.signedOutHint"))];
  if (me?.token_issued) return [notice("", t("start.issued"), t("start.issuedHint"))];
  if (me?.refusal) return [notice("warn", t("start.refused"), me.refusal)];
  if (me && !me.on_roll) return [notice("warn", t("start.refused"), t("start.offRoll"))];
  return [];
}

function onward(voter, go) {
  const { record, me } = voter;
  if (voter.void) return [];
  if (voter.others) return [button(t("receipt.forget"), () => { voter.forget(); go("start"); })];
  if (record.pending) return [button(t("start.unsent"), () => go("cast"), { kind: "primary" })];
  if (record.held) return [button(t("start.receipt"), () => go("receipt"), { kind: "primary" })];
  const barred = me && !me.token_issued && (me.refusal || !me.on_roll);
  if (voter.early || barred) return [];
  if (voter.late) return me?.token_issued || voter.signedOut ? [button(t("code.have"), () => go("code"))] : [];
  if (record.token) return [button(t("start.go"), () => go("ballot"), { kind: "primary", picture: "arrow-right" })];
  if (voter.connected && voter.signedOut) return signedOut(voter, go);
  return [button(t(me?.token_issued && me.blinded !== (record.code && voter.request) ? "start.type" : "start.begin"), () => go("code"), { kind: "primary", picture: "arrow-right" })];
}

function signedOut(voter, go) {
  const back = encodeURIComponent(`${location.pathname}#${voter.election}`);
  return [
    h("a", { class: "button primary", href: `/sign-in?next=${back}` }, t("start.signIn")),
    button(t("start.unsigned"), () => go("code")),
  ];
}

export function start(voter, go) {
  const { title } = voter.freeze.given;
  return [
    h("h1", { tabindex: "-1" }, title),
    h("p", { class: "lead" }, t("start.lead")),
    ...notices(voter),
    h("div", { class: "actions" }, onward(voter, go)),
    fingerprint(voter),
    h("div", { class: "folds" }, how(voter), leaf(voter),
      voter.connected && voter.me?.on_roll && !voter.late && !voter.early && !voter.void && details(t("fetch.open"), h("p", {}, t("fetch.lead")), button(t("fetch.open"), () => go("fetch"), { kind: "small" })),
      voter.connected && !voter.late && !voter.void && details(t("hand.open"), h("p", {}, t("hand.lead")), button(t("hand.open"), () => go("hand-in"), { kind: "small" }))),
  ];
}
