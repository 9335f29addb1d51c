// [data-whom-url] in a form: whenever its checkboxes "domains" or its radio buttons "kind" change, GETs ?domain=…&domain=…
// and shows the HTML fragment in the element (class "similar", aria-live="polite"); hidden while empty, and for all but questions.

for (const pane of document.querySelectorAll("[data-whom-url]")) {
  const form = pane.closest("form");
  let asked;

  async function show() {
    asked?.abort();
    const mine = asked = new AbortController();
    const domains = new FormData(form).getAll("domains");
    const url = new URL(pane.dataset.whomUrl, location.href);
    for (const domain of domains) url.searchParams.append("domain", domain);
    const isQuestion = new FormData(form).get("kind") === "question";
    try {
      const answer = domains.length && isQuestion ? await fetch(url, { signal: mine.signal }) : null;
      const text = answer?.ok ? (await answer.text()).trim() : "";
      if (mine.signal.aborted) return;
      pane.innerHTML = text;
    } catch {
      return; // another domain was chosen meanwhile, or there is no connection: what stands there stays
    }
    pane.hidden = !pane.innerHTML;
  }

  form.addEventListener("change", ({ target }) => {
    if (["domains", "kind"].includes(target.name)) show();
  });
  show();
}
