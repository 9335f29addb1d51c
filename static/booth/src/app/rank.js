// The ranked-choice ballot: numbered selects at the candidates, and beside them the ranking with Up, Down and drag.
import { candidateRow } from "./candidate.js";
import { announce, button, h, icon, iconButton, notice } from "./dom.js";
import * as ranking from "./ranking.js";
import { nth, t } from "./words.js";

const EQUAL_COUNTS = ["meek", "schulze"];

export class RankBallot {
  constructor(voter) {
    this.voter = voter;
    this.order = voter.order;
    this.most = voter.freeze.mostRanks;
    this.selects = new Map();
    this.gives = new Map();
    this.list = h("ol", { class: "ranking-list" });
    this.told = h("div", { class: "stack tight" });
    this.jump = h("a", { class: "to-ranking", href: "#ranking", onclick: (event) => { event.preventDefault(); this.panel.querySelector("h2").focus(); this.panel.scrollIntoView(); } });
  }

  get marks() { return this.voter.marks; }

  name(index) { return this.voter.freeze.candidates[index].name; }

  change(marks, words) {
    this.voter.keep({ draft: marks });
    this.show();
    if (words) announce(words);
  }

  controls(index) {
    const select = h("select", { class: "select rank", "aria-label": t("ballot.rankOf", { name: this.name(index) }), onchange: () => this.choose(index, Number(select.value)) },
      h("option", { value: "0" }, t("ballot.none")), ...Array.from({ length: this.most }, (_, at) => h("option", { value: at + 1 }, at + 1)));
    const give = button("", () => this.give(index), { kind: "small give" });
    this.selects.set(index, select);
    this.gives.set(index, give);
    return [give, select];
  }

  choose(index, rank) {
    const name = this.name(index);
    this.change(ranking.put(this.marks, index, rank), rank ? t("ballot.ranked", { name, nth: nth(rank) }) : t("ballot.removed", { name }));
  }

  give(index) {
    this.choose(index, this.marks[index] ? 0 : Math.min(ranking.next(this.marks), this.most));
  }

  move(index, by) {
    const all = ranking.ranked(this.marks, this.order);
    const place = all.indexOf(index) + by;
    if (place < 0 || place >= all.length) return;
    this.change(ranking.moveTo(this.marks, this.order, index, place), t("ballot.moved", { name: this.name(index), nth: nth(place + 1), all: all.length }));
    this.refocus(index, by < 0 ? "up" : "down");
  }

  refocus(index, way) {
    const buttons = [...this.list.querySelectorAll(`[data-index="${index}"] button`)];
    (buttons.find((one) => one.dataset.way === way && !one.disabled) ?? buttons.find((one) => !one.disabled))?.focus();
  }

  remove(index) {
    this.change(ranking.put(this.marks, index, 0), t("ballot.removed", { name: this.name(index) }));
    this.panel.querySelector("h2").focus();
  }

  row(index, place, all, tied) {
    const name = this.name(index);
    return h("li", { "data-index": index },
      h("span", { class: "grip", title: t("ballot.drag", { name }), onpointerdown: (event) => this.drag(event, index) }, icon("menu")),
      h("span", { class: "place" }, `${this.marks[index]}${tied ? " =" : ""}`),
      h("span", { class: "ranked-name" }, name),
      iconButton("arrow-up", t("ballot.up", { name }), () => this.move(index, -1), { "data-way": "up", disabled: place === 0 }),
      iconButton("arrow-down", t("ballot.down", { name }), () => this.move(index, 1), { "data-way": "down", disabled: place === all - 1 }),
      iconButton("x", t("ballot.remove", { name }), () => this.remove(index)));
  }

  show() {
    const [{ marks }, all] = [this, ranking.ranked(this.marks, this.order)];
    const tied = new Set(ranking.equals(marks).flat());
    for (const [index, select] of this.selects) {
      const give = this.gives.get(index);
      const next = ranking.next(marks);
      select.value = String(marks[index]);
      give.textContent = marks[index] ? t("ballot.take") : t("ballot.give", { nth: nth(next) });
      give.setAttribute("aria-label", `${give.textContent}: ${this.name(index)}`);
      give.disabled = !marks[index] && next > this.most;
      give.closest("li").classList.toggle("chosen", marks[index] > 0);
    }
    this.list.replaceChildren(...all.map((index, place) => this.row(index, place, all.length, tied.has(index))));
    this.empty.hidden = all.length > 0;
    this.jump.hidden = !all.length;
    this.jump.textContent = `${t("ballot.toRanking")} (${all.length})`;
    this.told.replaceChildren(...this.remarks(marks));
  }

  remarks(marks) {
    const found = ranking.equals(marks).map((group) => t("ballot.equal", { names: this.names(group), rank: marks[group[0]] }));
    if (found.length) {
      const fine = EQUAL_COUNTS.includes(this.voter.freeze.given.rules.rule);
      const mend = button(t("ballot.spread"), () => this.change(ranking.spread(this.marks, this.order)), { kind: "small" });
      return [notice(fine ? "" : "warn", null, ...found, t(fine ? "ballot.equalOk" : "ballot.equalBad"), h("p", {}, mend))];
    }
    return ranking.hasGaps(marks) ? [h("p", { class: "muted small" }, t("ballot.gap"))] : [];
  }

  names(indices) { return new Intl.ListFormat("en").format(indices.map((index) => this.name(index))); }

  // Drag by the grip: the row follows the finger or mouse, the numbers follow at its end.
  drag(event, index) {
    event.preventDefault();
    const row = this.list.querySelector(`[data-index="${index}"]`);
    row.classList.add("dragged");
    const onMove = ({ clientX, clientY }) => {
      const over = document.elementFromPoint(clientX, clientY)?.closest(".ranking-list > li");
      if (!over || over === row || over.parentNode !== this.list) return;
      const { top, height } = over.getBoundingClientRect();
      over[clientY < top + height / 2 ? "before" : "after"](row);
    };
    const onEnd = () => {
      removeEventListener("pointermove", onMove);
      const [place, all] = [[...this.list.children].indexOf(row), this.list.children.length];
      this.change(ranking.moveTo(this.marks, this.order, index, place), t("ballot.moved", { name: this.name(index), nth: nth(place + 1), all }));
    };
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onEnd, { once: true });
    addEventListener("pointercancel", onEnd, { once: true });
  }

  // What must be mended before the review; empty when nothing must.
  faults() {
    const tied = ranking.equals(this.marks).length > 0;
    return tied && !EQUAL_COUNTS.includes(this.voter.freeze.given.rules.rule) ? [t("ballot.equalBad")] : [];
  }

  finish() { this.voter.keep({ draft: ranking.closeGaps(this.marks) }); }

  element() {
    const rows = this.order.map((index) => candidateRow(this.voter, index, ...this.controls(index)));
    this.empty = h("p", { class: "muted small" }, t("ballot.empty"));
    this.panel = h("section", { class: "ranking", id: "ranking", "aria-labelledby": "ranking-title" },
      h("h2", { id: "ranking-title", tabindex: "-1" }, t("ballot.yours")), this.empty, this.list, this.told);
    const all = h("div", { class: "ballot-columns" }, h("ul", { class: "candidates" }, ...rows), this.panel, this.jump);
    this.show();
    return all;
  }
}
