// The third step: the ballot; and the fourth: what it will say.
import * as plaintexts from "../crypto/plaintext.js";
import { MOST_REVISIONS } from "../crypto/sealing.js";
import { ANSWERS, AnswerBallot, MarkBallot, mostMarks } from "./choices.js";
import { announce, button, h, notice } from "./dom.js";
import { RankBallot } from "./rank.js";
import * as ranking from "./ranking.js";
import { t } from "./words.js";

const KINDS = {
  [plaintexts.RANKING]: { title: "ballot.rank", Ballot: RankBallot, lead: rankLead },
  [plaintexts.MARKS]: { title: "ballot.mark", Ballot: MarkBallot, lead: markLead },
  [plaintexts.ANSWERS]: { title: "ballot.answer", Ballot: AnswerBallot, lead: () => t("ballot.answerLead") },
};

function rankLead({ freeze }) {
  return freeze.mostRanks < freeze.candidates.length ? t("ballot.rankMost", { most: freeze.mostRanks }) : t("ballot.rankLead");
}

function markLead({ freeze }) {
  const most = mostMarks(freeze);
  if (freeze.given.rules.rule === "approval") return t("ballot.markAll");
  return most === 1 ? t("ballot.markOne") : t("ballot.markLead", { most });
}

export function ballot(voter, go) {
  const { title, Ballot, lead } = KINDS[voter.freeze.kind];
  const paper = new Ballot(voter);
  const told = h("div", { "aria-live": "assertive" });
  const sheet = paper.element();
  for (const kind of ["change", "click"]) sheet.addEventListener(kind, () => told.replaceChildren());
  function on() {
    const faults = paper.faults();
    if (faults.length) return told.replaceChildren(notice("warn", t("ballot.sorry"), ...faults));
    paper.finish();
    return go("review");
  }
  function clear() {
    voter.keep({ draft: voter.marks.map(() => 0) });
    go("ballot");
    announce(t("ballot.cleared"));
  }
  const statements = [...voter.candidates.values()].some((told_) => told_.statement);
  return [
    h("h1", { tabindex: "-1" }, t(title)),
    h("p", { class: "lead" }, lead(voter)),
    statements && h("p", { class: "muted small keyboard" }, t("ballot.key")),
    sheet, told,
    h("div", { class: "actions end" }, button(t("ballot.review"), on, { kind: "primary", picture: "arrow-right" }), button(t("ballot.clear"), clear)),
  ];
}

const names = (voter, indices) => indices.map((index) => voter.freeze.candidates[index].name);
const listed = (all) => new Intl.ListFormat("en").format(all);

function rankingSaid(voter, marks) {
  const indices = ranking.ranked(marks, voter.order);
  const rest = voter.order.filter((index) => !marks[index]);
  return [
    h("ol", { class: "said" }, ...indices.map((index) => h("li", {}, h("span", { class: "place" }, marks[index]), ...names(voter, [index])))),
    rest.length > 0 && h("p", { class: "muted" }, t("review.unranked", { names: listed(names(voter, rest)) })),
  ];
}

function marksSaid(voter, marks) {
  const [yes, no] = [1, 0].map((mark) => voter.order.filter((index) => marks[index] === mark));
  return [
    h("ul", { class: "said" }, ...names(voter, yes).map((name) => h("li", {}, name))),
    no.length > 0 && h("p", { class: "muted" }, t("review.unmarked", { names: listed(names(voter, no)) })),
  ];
}

function answersSaid(voter, marks) {
  return [h("dl", { class: "said answers" }, ...voter.order.map((index) =>
    h("div", {}, h("dt", {}, ...names(voter, [index])), h("dd", {}, t(`ballot.${ANSWERS[marks[index]]}`)))))];
}

// What *marks* say, as elements: the review and the receipt share it.
export function said(voter, marks) {
  if (marks.every((mark) => !mark)) return [notice("", t("review.blank"), t("review.blankHint"))];
  return { [plaintexts.RANKING]: rankingSaid, [plaintexts.MARKS]: marksSaid, [plaintexts.ANSWERS]: answersSaid }[voter.freeze.kind](voter, marks);
}

export function review(voter, go) {
  const blank = voter.marks.every((mark) => !mark);
  const many = voter.exhausted;
  const sure = h("input", { type: "checkbox", id: "blank", onchange: () => { seal.disabled = !sure.checked; } });
  const seal = button(t(voter.connected ? "review.seal" : "review.sealOnly"), () => go("cast"), { kind: "primary", picture: "lock", disabled: blank || many });
  return [
    h("h1", { tabindex: "-1" }, t("review.title")),
    h("p", { class: "lead" }, t("review.lead")),
    h("div", { class: "paper" }, ...said(voter, voter.marks)),
    blank && h("label", { class: "check", for: "blank" }, sure, h("span", {}, t("review.blankYes"))),
    voter.record.held && !many && notice("", null, t("review.again")),
    many && notice("warn", null, t("review.many", { most: MOST_REVISIONS })),
    h("div", { class: "actions end" }, seal, button(t("review.change"), () => go("ballot"))),
  ];
}
