// Without scripts every page works; with them the passage editors get chips.

import { Editor } from "./editor.js";

const template = document.querySelector("template#editor");
for (const form of template ? document.querySelectorAll("form.editor") : []) {
  new Editor(form, template);
}
