// <time data-relative datetime="…Z">: "3 hours ago" for a month; the exact moment stays in the title, and on paper.
const SPANS = [["minute", 60], ["hour", 3600], ["day", 86400], ["week", 604800], ["month", 2629800]];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });

function relative(seconds) {
  const span = SPANS.findLastIndex(([, length]) => Math.abs(seconds) >= length);
  if (span === SPANS.length - 1) return null;
  const [unit, length] = SPANS[Math.max(span, 0)];
  return words.format(Math.trunc(seconds / length), unit);
}

function refresh() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    time.title ||= time.textContent;
    const text = relative((Date.parse(time.dateTime) - Date.now()) / 1000);
    time.textContent = text ?? time.title;
  }
}

addEventListener("beforeprint", () => {
  for (const time of document.querySelectorAll("time[data-relative]")) time.textContent = time.title;
});
addEventListener("afterprint", refresh);
refresh();
setInterval(refresh, 60_000);
