// Without scripts every page works; with them the passage editors get chips.

import { Editor } from "./editor.js";

const template = document.querySelector("template#editor");
const editors = [];
let submitting = null;

function build(form) {
  editors.push(new Editor(form, template));
}

for (const form of template ? document.querySelectorAll("form.editor") : []) {
  const details = form.closest("details");
  if (!details || details.open) build(form);
  else details.addEventListener("toggle", () => build(form), { once: true });
}

// Leaving, or sending another form, would drop what is typed here: the browser asks first.
document.addEventListener("submit", (event) => {
  submitting = event.target;
});
window.addEventListener("beforeunload", (event) => {
  if (editors.some((editor) => editor.changed && editor.form !== submitting)) event.preventDefault();
});
