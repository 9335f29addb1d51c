// Light or dark as the member chooses, at once: radios or a select named "theme" inside [data-theme-choice].
document.querySelector("[data-theme-choice]")?.addEventListener("change", ({ target }) => {
  if (target.name !== "theme") return;
  if (target.value) document.documentElement.dataset.theme = target.value;
  else delete document.documentElement.dataset.theme;
});
