// input[data-similar-url]: while a title is typed, GETs ?title=… and puts the HTML fragment into the element named by
// data-similar-into (an id; class "similar", aria-live="polite", hidden while empty).
const LEAST = 8;
const PAUSE = 350;

for (const input of document.querySelectorAll("input[data-similar-url]")) {
  const pane = document.getElementById(input.dataset.similarInto);
  let timer;
  let asked;

  async function show() {
    asked?.abort();
    asked = new AbortController();
    const url = new URL(input.dataset.similarUrl, location.href);
    url.searchParams.set("title", input.value);
    try {
      const answer = await fetch(url, { signal: asked.signal });
      pane.innerHTML = answer.ok ? (await answer.text()).trim() : "";
    } catch {
      return; // a later letter asked again, or there is no connection: what stands there stays
    }
    pane.hidden = !pane.innerHTML;
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length >= LEAST) timer = setTimeout(show, PAUSE);
    else pane.hidden = true;
  });
}
