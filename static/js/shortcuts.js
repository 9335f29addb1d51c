// "/" focuses #site-search, "?" opens the dialog #shortcuts, j and k walk through [data-post].
const typing = (element) => element.closest("input, textarea, select, [contenteditable], dialog");

function walk(step) {
  const posts = [...document.querySelectorAll("[data-post]")];
  const here = posts.indexOf(document.activeElement?.closest?.("[data-post]"));
  const next = posts[here < 0 ? 0 : here + step];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "start" });
}

function search() {
  const toggle = document.querySelector(".nav-toggle");
  if (toggle?.checkVisibility()) toggle.open = true;
  document.getElementById("site-search")?.focus();
}

const keys = {
  "/": search,
  "?": () => document.getElementById("shortcuts")?.showModal(),
  j: () => walk(1),
  k: () => walk(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
