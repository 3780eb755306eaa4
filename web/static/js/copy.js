// Copies a text as it stands. Without scripts, or without leave to copy, it can be selected.

const SAID_FOR_MS = 4000;

for (const button of document.querySelectorAll("button.copy")) {
  const source = document.getElementById(button.dataset.copies);
  const said = document.getElementById(`${button.dataset.copies}-copied`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
      said.textContent = button.dataset.done;
      button.focus();
    } catch {
      source.focus(); // it is selected: the keyboard copies it
      said.textContent = button.dataset.failed;
    }
    setTimeout(() => (said.textContent = ""), SAID_FOR_MS);
  });
}
