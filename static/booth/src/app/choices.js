// The other ballots: marks (plurality, block, approval) and answers (affirmation, motion).
import { candidateRow } from "./candidate.js";
import { h } from "./dom.js";
import { t } from "./words.js";

export const ANSWERS = ["blank", "yes", "no", "abstain"];

export function mostMarks({ given, candidates }) {
  const most = { plurality: 1, block: given.rules.seats ?? 1 }[given.rules.rule] ?? candidates.length;
  return Math.min(most, candidates.length);
}

class Choices {
  constructor(voter) {
    this.voter = voter;
    this.order = voter.order;
  }

  set(index, mark) {
    this.voter.keep({ draft: this.voter.marks.map((old, at) => (at === index ? mark : old)) });
    this.show?.();
  }

  labelOf(index) { return { "aria-describedby": `candidate-${this.voter.freeze.candidates[index].number}` }; }

  finish() {}

  element() {
    const rows = this.order.map((index) => candidateRow(this.voter, index, ...this.controls(index)));
    const list = h("ul", { class: "candidates" }, ...rows);
    return this.count ? h("div", { class: "stack" }, list, this.count) : list;
  }
}

export class MarkBallot extends Choices {
  constructor(voter) {
    super(voter);
    this.most = mostMarks(voter.freeze);
    this.count = h("p", { class: "tally-line", role: "status" });
    this.show();
  }

  get marked() { return this.voter.marks.filter(Boolean).length; }

  controls(index) {
    const name = this.voter.freeze.candidates[index].name;
    const input = h("input", { type: "checkbox", "aria-label": name, checked: this.voter.marks[index] === 1, onchange: () => this.set(index, Number(input.checked)) });
    return [h("span", { class: "mark" }, input)];
  }

  show() {
    const all = this.most === this.voter.freeze.candidates.length;
    this.count.textContent = this.faults()[0] ?? t(all ? "ballot.approved" : "ballot.marked", { n: this.marked, most: this.most });
  }

  faults() {
    const over = this.marked - this.most;
    return over > 0 ? [t("ballot.tooMany", { n: this.marked, most: this.most, over })] : [];
  }
}

export class AnswerBallot extends Choices {
  controls(index) {
    const { name, number } = this.voter.freeze.candidates[index];
    const options = [1, 2, 3, 0].map((answer) => {
      const input = h("input", { type: "radio", name: `answer-${number}`, value: answer, checked: this.voter.marks[index] === answer, onchange: () => this.set(index, answer) });
      return h("label", { class: "option" }, input, h("span", {}, t(`ballot.${ANSWERS[answer]}`)));
    });
    return [h("fieldset", { class: "options" }, h("legend", { class: "visually-hidden" }, name), ...options)];
  }

  faults() { return []; }
}
