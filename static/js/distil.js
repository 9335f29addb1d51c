// Chosen paragraphs go into the draft at once. Reads data-distil (the form), data-whole, data-passage, data-used, data-taken.

const form = document.querySelector("[data-distil]");

const add = () => {
  const draft = form.querySelector("textarea");
  const chosen = [...form.querySelectorAll("input[name=take]:not([data-whole]):checked:not(:disabled)")];
  const passages = chosen.map((box) => box.closest("label").querySelector("[data-passage]").textContent);
  if (!passages.length) return;
  const before = draft.value.trimEnd();
  draft.value = `${[...(before ? [before] : []), ...passages].join("\n\n")}\n`;
  for (const box of chosen) {
    const kept = Object.assign(document.createElement("input"), { type: "hidden", name: "taken", value: box.value });
    form.querySelector("[data-taken]").append(kept);
    box.checked = false;
    box.disabled = true;
    box.closest("label").querySelector("[data-used]").hidden = false;
  }
  for (const box of form.querySelectorAll("[data-whole]")) box.checked = false;
  draft.dispatchEvent(new Event("input", { bubbles: true }));
  draft.focus();
  draft.setSelectionRange(draft.value.length, draft.value.length);
};

form?.addEventListener("change", (event) => {
  if (!event.target.matches("[data-whole]")) return;
  for (const box of event.target.closest("fieldset").querySelectorAll("input[name=take]:not([data-whole]):not(:disabled)")) {
    box.checked = event.target.checked;
  }
});

form?.addEventListener("submit", (event) => {
  if (event.submitter?.name !== "how" || event.submitter.value !== "add") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  add();
}, { capture: true });
