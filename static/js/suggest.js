// input[data-suggest]: a combobox. While somebody types, GETs ?q=… and lists the fragment's [role=option] below the
// box, named data-suggest-label; arrows walk, Enter follows [data-address], Escape closes, data-said is announced.
const PAUSE = 150;
const LEAST = 2;

function listFor(input) {
  const list = document.createElement("div");
  const said = document.createElement("span");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestLabel);
  list.hidden = true;
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  input.parentElement.append(list, said);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  return { list, said };
}

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const { list, said } = listFor(input);
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");
  let timer;
  let asked;

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function open(is) {
    list.hidden = !is;
    input.setAttribute("aria-expanded", String(is));
    if (!is) choose(null);
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    open(false);
  }

  async function offer() {
    asked?.abort();
    const mine = asked = new AbortController();
    const url = new URL(input.dataset.suggest, location.href);
    url.searchParams.set("q", input.value);
    try {
      const answer = await fetch(url, { signal: mine.signal });
      const text = answer.ok ? await answer.text() : "";
      if (mine.signal.aborted) return;
      list.innerHTML = text;
    } catch {
      return; // a later letter asked again, or there is no connection: what stands there stays
    }
    options().forEach((option, at) => { option.id = `${list.id}-${at}`; });
    choose(null);
    open(options().length > 0);
    said.textContent = list.querySelector("[data-said]")?.dataset.said ?? "";
  }

  function walk(step) {
    const all = options();
    const next = all.indexOf(chosen()) + step;
    choose(next < -1 ? all.at(-1) : all[next]); // past either end stands the box itself
  }

  const keys = {
    ArrowDown: () => walk(1),
    ArrowUp: () => walk(-1),
    Escape: close,
    Enter: () => location.assign(chosen().dataset.address),
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length >= LEAST) timer = setTimeout(offer, PAUSE);
    else close();
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing || !keys[event.key] || (event.key === "Enter" && !chosen())) return;
    event.preventDefault();
    keys[event.key]();
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) location.assign(option.dataset.address);
  });
}
