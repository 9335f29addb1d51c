// a[data-copy-link]: copies its own address and says so with data-copied; without a clipboard it stays a link.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-copy-link]");
  if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.href);
  } catch {
    location.assign(link.href);
    return;
  }
  const words = (link.dataset.words ??= link.textContent);
  link.textContent = link.dataset.copied;
  setTimeout(() => { link.textContent = words; }, 2000);
});
