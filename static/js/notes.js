// Selected words of an article can be commented on: a button at the edge leads to the form with the passage filled in.
// Reads data-notes (the address of the form) and data-notes-words on the element around the text.

const around = 80;
const longest = 400;
const text = document.querySelector("[data-notes]");
const button = document.createElement("a");
button.className = "button small note-button no-print";
button.textContent = text?.dataset.notesWords ?? "";
button.hidden = true;

const words = (range) => {
  const part = range.cloneContents();
  for (const ours of part.querySelectorAll(".note-mark, .no-print")) ours.remove();
  return part.textContent.replace(/\s+/g, " ");
};

const surroundings = (range) => {
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const after = document.createRange();
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(text, text.childNodes.length);
  return [words(before).slice(-around), words(after).slice(0, around)];
};

const offer = () => {
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  const quote = range && text.contains(range.commonAncestorContainer) ? words(range).trim() : "";
  button.hidden = !quote || quote.length > longest;
  if (button.hidden) return;
  const [before, after] = surroundings(range);
  button.href = `${text.dataset.notes}?${new URLSearchParams({ quote, before, after })}`;
};

if (text) {
  document.body.append(button);
  document.addEventListener("selectionchange", offer);
}
