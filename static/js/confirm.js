// button or a with data-confirm="question": asks once in the dialog #confirm before it acts.
const dialog = document.getElementById("confirm");

document.addEventListener("click", (event) => {
  const asked = event.target.closest?.("[data-confirm]");
  if (!asked || !dialog || asked.dataset.confirmed) return;
  event.preventDefault();
  dialog.querySelector(".question").textContent = asked.dataset.confirm;
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    asked.dataset.confirmed = "yes";
    asked.click();
    delete asked.dataset.confirmed;
  }, { once: true });
  dialog.showModal();
}, { capture: true });
