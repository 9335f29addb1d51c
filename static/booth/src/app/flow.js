// The booth as a whole: which step the address names (#12/ballot), what that step needs, the frame around it.
import { read as readFreeze } from "../crypto/freeze.js";
import { announce, button, h, notice } from "./dom.js";
import { ballot, review } from "./ballot.js";
import { cast, handOver } from "./cast.js";
import { code, fetchForOther, paste } from "./code.js";
import { handIn } from "./handing.js";
import { forgotten, receipt } from "./receipt.js";
import { Refused, site as siteOf } from "./server.js";
import { start } from "./start.js";
import { Voter } from "./voter.js";
import { moment, span, speak, t } from "./words.js";

const STEPS = ["start", "code", "ballot", "review", "receipt"];
const PAGES = { start, code, paste, fetch: fetchForOther, ballot, review, cast, "hand-over": handOver, "hand-in": handIn, receipt, forgotten };
const STEP_OF = { paste: "code", cast: "review", "hand-over": "receipt" };
const TICK = 15_000;

// Where somebody is led who asks for a step too early; the step itself where all it needs is there.
const NEEDS = {
  code: ({ record }) => (record.pending ? "cast" : record.token && "ballot"),
  paste: ({ record }) => !record.code && "code",
  ballot: ({ record, late }) => (record.pending ? "cast" : (!record.token || late) && "start"),
  review: ({ record, late }) => (record.pending ? "cast" : (!record.token || late) && "start"),
  cast: ({ record }) => !record.pending && !record.token && "start",
  "hand-over": ({ record }) => !record.pending && "start",
  receipt: ({ record }) => !record.held && "start",
  fetch: ({ connected, me, late }) => (!connected || !me || late) && "start",
  "hand-in": ({ connected }) => !connected && "start",
};

// The steps that touch no vote: all there are while the browser keeps another member's.
const OPEN_TO_ALL = ["start", "fetch", "hand-in", "forgotten"];

const place = (id) => document.getElementById(id);

function asked() {
  const [named, step = ""] = location.hash.replace(/^#/, "").split("/");
  const frozen = location.pathname.match(/^\/elections\/(\d+)\/booth\.html$/)?.[1]; // the booth an election keeps
  return { election: /^\d+$/.test(named) ? named : frozen ?? null, step };
}

class Booth {
  constructor(voter) {
    this.voter = voter;
    this.variant = "";
    this.go = (step, variant = "") => this.lead(step, variant);
  }

  lead(step, variant) {
    this.variant = variant;
    const target = `#${this.voter.election ?? ""}/${step}`;
    if (location.hash === target) this.show(true);
    else location.hash = target; // its event shows the step
  }

  get step() {
    const { step } = asked();
    const wanted = Object.hasOwn(PAGES, step) ? step : this.first;
    const led = NEEDS[wanted]?.(this.voter) || wanted;
    if (this.voter.void) return led === "forgotten" ? led : "start"; // what was cast counts no more
    return this.voter.others && !OPEN_TO_ALL.includes(led) ? "start" : led;
  }

  get first() {
    const { record } = this.voter;
    return record.pending ? "start" : (record.held && "receipt") || "start";
  }

  show(moveFocus) {
    const { step, variant } = this;
    this.variant = "";
    const parts = PAGES[step](this.voter, this.go, variant).filter(Boolean);
    place("main").replaceChildren(...parts);
    place("main").dataset.step = step;
    this.showSteps(STEP_OF[step] ?? step);
    this.showTime();
    const heading = place("main").querySelector("h1");
    document.title = `${heading.textContent} · ${this.voter.freeze.given.title}`;
    if (!moveFocus) return;
    scrollTo(0, 0);
    heading.focus();
  }

  showSteps(current) {
    const at = STEPS.indexOf(current);
    const list = STEPS.map((step, index) => h("li", { class: index < at ? "done" : "", "aria-current": index === at ? "step" : null },
      h("span", { class: "dot", "aria-hidden": "true" }, index + 1), h("span", {}, t(`step.${step}`))));
    place("steps").replaceChildren(...list);
    place("steps").hidden = at < 0;
  }

  showTime() {
    const { voter } = this;
    const words = voter.early ? t("left.before", { moment: moment(voter.freeze.opens) })
      : voter.left > 0 ? t("left.long", { span: span(voter.left) }) : t("left.over", { moment: moment(voter.freeze.closes) });
    place("time").textContent = voter.state ? words : t("left.own", { words });
  }

  tick() {
    const over = this.voter.late;
    this.showTime();
    if (over && !this.wasOver && ["ballot", "review", "code"].includes(place("main").dataset.step)) {
      announce(place("time").textContent);
      this.show(true);
    }
    this.wasOver = over;
  }

  open() {
    const { title, site } = this.voter.freeze.given;
    place("site").textContent = site;
    place("election").textContent = title;
    this.wasOver = this.voter.late;
    opened = this;
    setInterval(() => this.tick(), TICK);
    document.addEventListener("visibilitychange", () => this.tick());
    this.show(false);
  }
}

function say(tone, title, words, ...more) {
  place("main").replaceChildren(h("h1", { tabindex: "-1" }, t("booth")), notice(tone, title, words, ...more));
}

// The freeze from a file, where there is no site to ask.
function fromFile(election) {
  const input = h("input", { type: "file", id: "freeze", class: "input", accept: ".json,application/json", "aria-describedby": "freeze-hint" });
  const told = h("div", { "aria-live": "polite" });
  input.addEventListener("change", async () => {
    try {
      const freeze = readFreeze(new Uint8Array(await input.files[0].arrayBuffer()));
      new Booth(new Voter(election ?? String(freeze.given.election), freeze, null)).open();
    } catch (error) {
      told.replaceChildren(notice("warn", t("file.bad", { why: error.message })));
    }
  });
  place("main").replaceChildren(
    h("h1", { tabindex: "-1" }, t("file.title")),
    h("p", { class: "lead" }, t("file.lead")),
    h("div", { class: "field" }, h("label", { for: "freeze" }, t("file.freeze")), h("p", { class: "field-hint", id: "freeze-hint" }, t("file.freezeHint")), input),
    told);
}

async function freezeOf(site) {
  const bytes = await site.freeze();
  try {
    return readFreeze(bytes);
  } catch (error) {
    error.unsound = true;
    throw error;
  }
}

// Everything the steps look at; what cannot be had does not stop the voter.
async function fill(voter) {
  const [state, me, told] = await Promise.allSettled([voter.site.state(), voter.site.me(), voter.site.candidates()]);
  if (state.status === "fulfilled") voter.state = state.value;
  if (me.status === "fulfilled") voter.me = me.value;
  else if (me.reason instanceof Refused) voter.signedOut = true;
  else throw me.reason;
  if (told.status === "fulfilled") voter.candidates = new Map(told.value.candidates.map((one) => [one.number, one]));
}

function lost(error, retry) {
  const again = h("div", { class: "actions" }, button(t("tryAgain"), retry));
  if (error.unsound) return say("danger", t("lost.title"), t("lost.freeze", { why: error.message }));
  return say("warn", t("lost.title"), t(error instanceof Refused ? "lost.none" : "lost.reach"), again);
}

// The booth that stands, once there is one.
let opened = null;

addEventListener("hashchange", () => {
  if (opened && asked().election === opened.voter.election) opened.show(true);
  else if (location.protocol !== "file:") location.reload();
});

// The address belongs to the steps, so the link that skips the header moves the focus alone.
document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault();
  place("main").focus();
});

export async function open() {
  speak(document.documentElement.lang);
  const { election } = asked();
  if (location.protocol === "file:") return fromFile(election);
  if (!election) return say("", t("lost.number"), t("lost.numberHint"));
  place("main").replaceChildren(h("h1", { tabindex: "-1" }, t("booth")), h("p", { class: "muted" }, t("loading")));
  try {
    const site = siteOf(election);
    const voter = new Voter(election, await freezeOf(site), site);
    await fill(voter);
    return new Booth(voter).open();
  } catch (error) {
    return lost(error, open);
  }
}
