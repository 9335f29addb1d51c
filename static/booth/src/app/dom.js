// Elements, and what is said aloud. Never HTML from outside: every text becomes a text node.

const SVG = "http://www.w3.org/2000/svg";

// h("p", {class: "muted", onclick: …}, "text", element, …); attributes that are null or false are left out.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

export function icon(name) {
  const [svg, use] = [document.createElementNS(SVG, "svg"), document.createElementNS(SVG, "use")];
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

export function button(label, onclick, { kind = "", picture = null, ...more } = {}) {
  const parts = picture === "arrow-right" ? [label, icon(picture)] : [picture && icon(picture), label];
  return h("button", { type: "button", class: `button ${kind}`.trim(), onclick, ...more }, ...parts);
}

export function iconButton(name, label, onclick, more = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...more }, icon(name));
}

const SIGNS = { ok: "circle-check", warn: "triangle-alert", danger: "circle-alert", "": "info" };

// A notice of a tone ("", ok, warn, danger): one title, then paragraphs or elements.
export function notice(tone, title, ...body) {
  const parts = body.filter(Boolean).map((part) => (typeof part === "string" ? h("p", {}, part) : part));
  return h("div", { class: `notice ${tone}`.trim() }, icon(SIGNS[tone]), h("div", { class: "stack tight" }, title && h("p", { class: "strong" }, title), parts));
}

export const paragraphs = (words) => words.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => h("p", {}, part.trim()));

// The first words of a disclosure are its summary.
export function details(summary, ...body) {
  return h("details", {}, h("summary", {}, summary), h("div", { class: "stack tight folded" }, ...body));
}

let later;

// Reads words out without moving the focus.
export function announce(words) {
  const place = document.getElementById("announcer");
  place.textContent = "";
  clearTimeout(later);
  later = setTimeout(() => { place.textContent = words; }, 60); // a change from empty is read even if the words are the same
}

// A hash or key in groups, so that two can be compared by eye.
export function groups(hex) {
  return h("code", { class: "hash" }, ...hex.match(/.{1,8}/g).flatMap((part) => [part, " "]).slice(0, -1));
}

export function save(name, content, type) {
  const link = h("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// Prints one part of the page alone.
export function print(part) {
  for (const one of document.querySelectorAll(".printed")) one.classList.remove("printed");
  part.classList.add("printed");
  window.print();
}

export const pause = (milliseconds = 0) => new Promise((done) => { setTimeout(done, milliseconds); });
