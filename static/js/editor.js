// [data-editor]: the toolbar, preview, uploads and kept draft of one textarea. Its data attributes (editor.html):
//   preview-url  POST text -> an HTML fragment, from the renderer of the post itself
//   upload-url   POST file -> {"markdown": …}; refused: {"reason": …}
//   draft-url    POST key, text and the form's title -> 204
//   draft-key    names the draft; a copy stays in this browser until a page shows that the text arrived
const PAUSE = 1500;
const arrived = location.hash.startsWith("#post-") || document.querySelector(".flashes .notice.ok");

function post(url, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const token = document.querySelector("input[name=csrf_token]")?.value ?? "";
  return fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json, text/html" } });
}

function insert(area, text) {
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function wrap(area, pattern) {
  const [before, after] = pattern.split("|");
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end);
  if (after === undefined) { // a mark at the head of each chosen line
    const from = value.lastIndexOf("\n", start - 1) + 1;
    area.setSelectionRange(from, end);
    insert(area, value.slice(from, end).split("\n").map((line) => before + line).join("\n"));
  } else if (before === "`" && chosen.includes("\n")) {
    insert(area, `\`\`\`\n${chosen}\n\`\`\`\n`);
  } else {
    insert(area, before + chosen + after);
    if (!chosen) area.setSelectionRange(start + before.length, start + before.length);
  }
  area.focus();
}

function offerPreview(editor, area) {
  const button = editor.querySelector("[data-preview]");
  const pane = editor.querySelector("[data-preview-pane]");
  button?.addEventListener("click", async () => {
    const open = pane.hidden;
    button.setAttribute("aria-pressed", String(open));
    pane.hidden = !open;
    if (!open) return;
    const answer = await post(editor.dataset.previewUrl, { text: area.value }).catch(() => null);
    if (answer?.ok) pane.innerHTML = await answer.text();
  });
}

function takeFiles(editor, area, say) {
  async function upload(file) {
    say(editor.dataset.uploading);
    const answer = await post(editor.dataset.uploadUrl, { file }).catch(() => null);
    const told = await answer?.json().catch(() => ({})) ?? {};
    if (answer?.ok) insert(area, `${told.markdown}\n`);
    say(answer?.ok ? "" : `${editor.dataset.uploadFailed}: ${told.reason ?? file.name}`);
  }
  async function uploadAll(event, files) {
    if (!files?.length) return;
    event.preventDefault();
    for (const file of [...files]) await upload(file);
  }
  const picker = editor.querySelector("input[type=file]");
  editor.querySelector("[data-attach]")?.addEventListener("click", () => picker.click());
  picker?.addEventListener("change", (event) => uploadAll(event, picker.files));
  area.addEventListener("paste", (event) => uploadAll(event, event.clipboardData?.files));
  area.addEventListener("drop", (event) => uploadAll(event, event.dataTransfer?.files));
  for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    area.addEventListener(kind, () => editor.classList.toggle("dropping", over));
  }
}

function keepDraft(editor, area, say) {
  const { draftKey: key, draftUrl: url } = editor.dataset;
  const place = `draft:${key}`;
  let timer;
  const kept = JSON.parse(localStorage.getItem(place) ?? "null");
  if (kept?.text && !area.value) {
    area.value = kept.text;
    say(editor.dataset.restored);
  }
  async function save() {
    say(editor.dataset.saving);
    const title = area.form?.elements.namedItem("title")?.value ?? "";
    const answer = url ? await post(url, { key, title, text: area.value }).catch(() => null) : { ok: true };
    say(answer?.ok ? editor.dataset.saved : editor.dataset.failed);
  }
  area.addEventListener("input", () => {
    localStorage.setItem(place, JSON.stringify({ text: area.value }));
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  area.form?.addEventListener("submit", () => {
    clearTimeout(timer);
    localStorage.setItem(place, JSON.stringify({ text: area.value, sent: true }));
  });
}

if (arrived) {
  for (const place of Object.keys(localStorage).filter((name) => name.startsWith("draft:"))) {
    if (JSON.parse(localStorage.getItem(place)).sent) localStorage.removeItem(place);
  }
}

for (const editor of document.querySelectorAll("[data-editor]")) {
  const area = editor.querySelector("textarea");
  const status = editor.querySelector("[data-status]");
  const say = (words) => { status.textContent = words; };
  editor.querySelector("[role=toolbar]").hidden = false;
  for (const button of editor.querySelectorAll("[data-wrap]")) {
    button.addEventListener("click", () => wrap(area, button.dataset.wrap));
  }
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form?.requestSubmit();
  });
  offerPreview(editor, area);
  if (editor.dataset.uploadUrl) takeFiles(editor, area, say);
  if (editor.dataset.draftKey) keepDraft(editor, area, say);
}
