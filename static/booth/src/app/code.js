// The second step: the voting code, shown and kept before the token is asked for; or typed in on another device.
import { fromHex, toHex } from "../crypto/bytes.js";
import { announce, button, h, notice, pause, print, save } from "./dom.js";
import { Refused, Unreachable } from "./server.js";
import { moment, t } from "./words.js";

function written(voter) {
  const { title, site, address } = voter.freeze.given;
  const link = `${address.replace(/\/$/, "")}/booth#${voter.election}`;
  const values = { title, site, code: voter.writtenCode, moment: moment(voter.freeze.closes), address: link };
  return t("code.fileText", values);
}

function card(voter) {
  const { title, site } = voter.freeze.given;
  return h("div", { class: "code-card" },
    h("p", { class: "muted small" }, `${title} · ${site}`),
    h("p", { class: "voting-code" }, ...voter.writtenCode.match(/[^-]+-?/g).map((part) => h("span", {}, part))),
    h("p", { class: "print-only" }, written(voter).split("\n").slice(3).join(" ")));
}

function field(id, label, hint, more = {}) {
  const input = h("input", { class: "input", id, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", "aria-describedby": `${id}-hint ${id}-error`, ...more });
  const error = h("p", { class: "field-error", id: `${id}-error` });
  const fail = (words) => {
    error.textContent = words;
    input.setAttribute("aria-invalid", String(Boolean(words)));
    if (words) input.focus();
  };
  return { input, fail, element: h("div", { class: "field" }, h("label", { for: id }, label), h("p", { class: "field-hint", id: `${id}-hint` }, hint), input, error) };
}

// What went wrong while the token was fetched, in words.
function trouble(error) {
  if (error instanceof Unreachable) return notice("warn", t("code.reach"), t("code.reachHint"));
  if (!(error instanceof Refused)) return notice("danger", t("code.bad"), t("code.badHint"));
  if (error.status === 409) return notice("warn", t("code.other"), t("code.otherHint"), t("start.issuedHint"));
  if (error.status === 410) return notice("warn", t("start.closed"), t("code.closed"));
  return notice("warn", t("code.refused"), error.message || t("start.signedOutHint"));
}

// Fetches the token at a press of *act*, or leads to where it is pasted in; says in *place* what went wrong.
function fetching(voter, go) {
  const place = h("div", { class: "stack", "aria-live": "polite" });
  async function fetchToken(act) {
    if (!voter.connected || !voter.me) return go("paste");
    act.disabled = true;
    place.replaceChildren(h("p", { class: "muted" }, t("code.fetching")));
    await pause(20);
    try {
      await voter.fetchToken();
      await voter.recover().catch(() => false);
      return go(voter.record.held ? "receipt" : "ballot");
    } catch (error) {
      if (error.status === 410 && await voter.voided()) return go("start");
      act.disabled = false;
      return place.replaceChildren(trouble(error));
    }
  }
  return { place, fetchToken };
}

const plain = (letters) => letters.trim().toUpperCase().replace(/[IL]/g, "1").replace(/O/g, "0");

function confirming(voter, token) {
  const check = field("last-group", t("code.confirm"), t("code.confirmHint"), { class: "input short", maxlength: 6 });
  const send = h("button", { class: "button primary", disabled: true }, t("code.fetch"));
  const skip = button(t("code.skip"), () => on(true), { disabled: true });
  const kept = h("input", { type: "checkbox", id: "kept", onchange: () => { send.disabled = skip.disabled = !kept.checked; } });
  function on(skipped) {
    if (!skipped && plain(check.input.value) !== voter.writtenCode.slice(-4)) return check.fail(t("code.wrong"));
    voter.keep({ confirmed: true });
    return token.fetchToken(send);
  }
  return h("form", { class: "form", novalidate: true, onsubmit: (event) => { event.preventDefault(); on(false); } },
    h("label", { class: "check", for: "kept" }, kept, h("span", {}, t("code.kept"))),
    check.element, h("div", { class: "actions" }, send, skip));
}

function shown(voter, go) {
  voter.newCode();
  const [paper, token] = [card(voter), fetching(voter, go)];
  const name = t("code.file", { election: voter.election ?? "" });
  return [
    h("h1", { tabindex: "-1" }, t("code.title")),
    h("p", { class: "lead" }, t("code.lead")),
    paper,
    h("div", { class: "actions" },
      button(t("print"), () => print(paper)),
      button(t("saveFile"), () => save(name, written(voter), "text/plain"), { picture: "download" }),
      copying(voter)),
    notice("warn", t("code.warn"), t("code.warnHint")),
    confirming(voter, token), token.place,
    h("p", {}, button(t("code.have"), () => go("code", "typed"), { kind: "small" })),
  ];
}

function copying(voter) {
  const act = button(t("copy"), async () => {
    try {
      await navigator.clipboard.writeText(voter.writtenCode);
      announce(t("copied"));
      act.lastChild.textContent = t("copied");
    } catch {
      getSelection().selectAllChildren(document.querySelector(".voting-code"));
    }
  }, { picture: "copy" });
  return act;
}

function typed(voter, go) {
  const code = field("code", t("code.label"), t("code.labelHint"), { class: "input code-input", maxlength: 60 });
  const token = fetching(voter, go);
  const send = h("button", { class: "button primary" }, t("code.use"));
  async function use(event) {
    event.preventDefault();
    code.fail("");
    try {
      voter.takeCode(code.input.value);
    } catch (error) {
      if (error.message === "other") return token.place.replaceChildren(notice("warn", t("code.other"), t("code.otherHint")));
      return code.fail(t(`code.${error.message}`, { n: code.input.value.replace(/[\s\-–—_.]/g, "").length }));
    }
    return voter.late ? find(voter, go, token.place) : token.fetchToken(send);
  }
  const issued = Boolean(voter.me?.token_issued);
  return [
    h("h1", { tabindex: "-1" }, t("code.typeTitle")),
    h("p", { class: "lead" }, t("code.typeLead")),
    issued && notice("", t("start.issued"), t("start.issuedHint")),
    h("form", { class: "form", novalidate: true, onsubmit: use }, code.element,
      h("div", { class: "actions" }, send)),
    token.place,
    !issued && !voter.late && h("p", {}, button(t("code.new"), () => go("code"), { kind: "small" })),
  ];
}

// After the close there is no token any more, but a ballot may be held.
async function find(voter, go, place) {
  try {
    if (await voter.recover()) return go("receipt");
    return place.replaceChildren(notice("warn", t("start.closed"), t("start.closedNone")));
  } catch (error) {
    return place.replaceChildren(trouble(error));
  }
}

// Asks for the code where a token was fetched with one that this browser does not hold, or after the close.
export function code(voter, go, variant) {
  const strange = voter.me?.blinded && (!voter.record.code || voter.me.blinded !== voter.request);
  return strange || variant === "typed" || voter.late ? typed(voter, go) : shown(voter, go);
}

// A field for 768 hexadecimal letters; `bytes` throws where it holds something else.
function longField(id, label, hint) {
  const input = h("textarea", { class: "input mono", id, rows: 6, "aria-describedby": `${id}-hint ${id}-error`, spellcheck: "false", autocomplete: "off" });
  const error = h("p", { class: "field-error", id: `${id}-error` });
  const fail = (words) => {
    error.textContent = words;
    input.setAttribute("aria-invalid", String(Boolean(words)));
    if (words) input.focus();
  };
  const bytes = () => fromHex(input.value.toLowerCase().replace(/\s/g, ""), 384, label);
  const element = h("div", { class: "field" }, h("label", { for: id }, label), h("p", { class: "field-hint", id: `${id}-hint` }, hint), input, error);
  return { input, fail, bytes, element };
}

// The same, to be copied from.
function shownField(id, label, hex) {
  const area = h("textarea", { class: "input mono", id, rows: 6, readonly: true });
  area.value = hex.match(/.{64}/g).join("\n");
  async function copy() {
    area.select();
    await navigator.clipboard?.writeText(area.value).catch(() => null);
    announce(t("copied"));
  }
  return h("div", { class: "field" }, h("label", { for: id }, label), area, button(t("copy"), copy, { kind: "small", picture: "copy" }));
}

// For a booth elsewhere: the token is issued here, to who is signed in, and of use only there.
export function fetchForOther(voter, go) {
  const request = longField("request", t("fetch.request"), t("paste.answerHint"));
  const place = h("div", { class: "stack", "aria-live": "polite" });
  async function send(event) {
    event.preventDefault();
    request.fail("");
    let blinded;
    try {
      blinded = request.bytes();
    } catch {
      return request.fail(t("fetch.bad"));
    }
    try {
      const signature = toHex(await voter.site.token(blinded, voter.me.csrf));
      voter.me = { ...voter.me, token_issued: true, blinded: toHex(blinded), blind_signature: signature };
      return place.replaceChildren(notice("ok", null, t("fetch.back")), shownField("answer", t("fetch.answer"), signature));
    } catch (error) {
      if (error.status === 410 && await voter.voided()) return go("start");
      return place.replaceChildren(trouble(error));
    }
  }
  return [
    h("h1", { tabindex: "-1" }, t("fetch.title")),
    h("p", { class: "lead" }, t("fetch.lead")),
    notice("warn", null, t("fetch.once")),
    h("form", { class: "form wide", novalidate: true, onsubmit: send }, request.element, h("div", { class: "actions" }, h("button", { class: "button primary" }, t("fetch.send")))),
    place,
  ];
}

export function paste(voter, go) {
  const answer = longField("answer", t("paste.answer"), t("paste.answerHint"));
  function use(event) {
    event.preventDefault();
    try {
      voter.takeToken(answer.bytes());
    } catch {
      return answer.fail(t("paste.bad"));
    }
    return go("ballot");
  }
  return [
    h("h1", { tabindex: "-1" }, t("paste.title")),
    h("p", { class: "lead" }, t("paste.lead")),
    h("form", { class: "form wide", novalidate: true, onsubmit: use },
      shownField("request", t("paste.request"), voter.request), answer.element,
      h("div", { class: "actions" }, h("button", { class: "button primary" }, t("paste.use")))),
  ];
}
