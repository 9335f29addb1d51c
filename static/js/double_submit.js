// A POST form is sent once: its button rests until the page is left or shown again.
// data-again on a form: its answer is a file, the page stays, and it may be sent as often as wanted.
const sent = new Set();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || "again" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
  sent.add([form, event.submitter]);
});

addEventListener("pageshow", () => {
  for (const [form, button] of sent) {
    delete form.dataset.sent;
    button?.removeAttribute("aria-disabled");
  }
  sent.clear();
});
