// One candidate as the ballot shows it: picture or monogram, name, organization, statement and interests.
import { details, h, paragraphs } from "./dom.js";
import { t } from "./words.js";

const initials = (name) => name.split(/\s+/).filter((part) => /^\p{L}/u.test(part)).map((part) => part[0]).slice(0, 2).join("").toUpperCase();

function picture(name, number, photo) {
  return photo?.startsWith("/") && !photo.startsWith("//")
    ? h("img", { class: "avatar", src: photo, alt: "", width: 48, height: 48 })
    : h("span", { class: "avatar", "data-hue": number % 8, "aria-hidden": "true" }, initials(name));
}

function statement(told) {
  if (!told?.statement && !told?.interests) return null;
  return details(t("ballot.statement"), ...paragraphs(told.statement ?? ""),
    told.interests && h("h3", { class: "small-title" }, t("ballot.interests")), ...paragraphs(told.interests ?? ""));
}

// S opens and closes the statement while the focus is in the row.
function onKey(event) {
  if (event.key.toLowerCase() !== "s" || event.ctrlKey || event.metaKey || event.altKey) return;
  const folded = event.currentTarget.querySelector("details");
  if (!folded) return;
  event.preventDefault();
  folded.open = !folded.open;
}

export function candidateRow(voter, index, ...controls) {
  const { name, number } = voter.freeze.candidates[index];
  const told = voter.candidates.get(number);
  const motion = voter.freeze.given.rules.rule === "motion";
  return h("li", { class: "candidate", "data-number": number, onkeydown: onKey },
    !motion && picture(name, number, told?.photo),
    h("div", { class: "candidate-name" }, h("h2", { id: `candidate-${number}` }, name), told?.organization && h("p", { class: "muted small" }, told.organization)),
    h("div", { class: "candidate-controls" }, ...controls),
    statement(told));
}
