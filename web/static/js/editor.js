// The passage editor where scripts run: tokens become chips that show their figure.
// The textarea stays the truth: it is kept in step and is what the form sends.

import { TOKEN, typedFigures } from "./digits.js";

const BLOCKS = new Set(["DIV", "P", "LI"]);

/** Return the source text that a rich text stands for. */
export function sourceOf(node) {
  let text = "";
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      text += child.data;
    } else if (child.dataset?.token) {
      text += child.dataset.token;
    } else if (child.nodeName === "BR") {
      text += "\n";
    } else {
      // Browsers that know no plaintext-only wrap new lines in blocks.
      text += (BLOCKS.has(child.nodeName) && text ? "\n" : "") + sourceOf(child);
    }
  }
  return text;
}

export class Editor {
  constructor(form, template) {
    this.area = form.querySelector("textarea");
    this.allowed = JSON.parse(template.dataset.allowed);
    this.rich = template.content.firstElementChild.cloneNode(true);
    this.box = this.rich.querySelector(".rich-text");
    this.choices = this.rich.querySelector(".rich-choices");
    this.digits = this.rich.querySelector(".rich-digits");
    this.figures = new Map([...this.choices.options].map((one) => [one.value, one.dataset.text]));
    this.range = null;
    this.marks = [];
    this.form = form;
    this.saved = this.area.defaultValue;
    this.past = [];
    this.future = [];
    this.setUp(form);
  }

  /** Whether something was typed that is not saved. */
  get changed() {
    return this.area.value !== this.saved;
  }

  setUp(form) {
    const label = form.querySelector("label");
    this.box.contentEditable = "plaintext-only";
    if (this.box.contentEditable !== "plaintext-only") this.box.contentEditable = "true";
    this.box.lang = this.area.lang;
    this.box.dir = this.area.dir;
    this.box.setAttribute("aria-labelledby", label.id);
    const caret = document.activeElement === this.area ? this.area.selectionEnd : null;
    this.area.after(this.rich);
    this.area.hidden = true;
    this.draw();
    if (caret !== null) { // whoever was quicker than we stays where they were in the text
      this.box.focus();
      this.drawAt(caret);
    }
    this.box.addEventListener("input", () => this.take());
    for (const deed of ["copy", "cut"]) {
      this.box.addEventListener(deed, (event) => this.carry(event));
    }
    this.area.addEventListener("input", () => this.flag());
    this.box.addEventListener("click", (event) => this.click(event));
    for (const place of [this.box, this.area]) {
      place.addEventListener("keydown", (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        if (event.key === "Enter") form.requestSubmit();
        if (place === this.box && event.key.toLowerCase() === "z") {
          event.preventDefault(); // the browser's own undo knows nothing of chips
          this.step(event.shiftKey ? this.future : this.past, event.shiftKey ? this.past : this.future);
        }
      });
    }
    document.addEventListener("selectionchange", () => this.remember());
    this.rich.querySelector(".rich-insert").addEventListener("click", () => this.insert());
    this.source = this.rich.querySelector(".rich-source");
    this.source.addEventListener("click", () => this.toggle());
  }

  /** Write the source text into the box, tokens as chips. */
  draw() {
    const text = this.area.value;
    const nodes = [];
    let position = 0;
    for (const token of text.matchAll(TOKEN)) {
      nodes.push(text.slice(position, token.index), this.chip(token[0]));
      position = token.index + token[0].length;
    }
    this.box.replaceChildren(...nodes, text.slice(position));
    this.flag();
  }

  chip(token) {
    const chip = document.createElement("span");
    chip.className = this.figures.has(token) ? "chip" : "chip unknown";
    chip.contentEditable = "false";
    chip.dataset.token = token;
    chip.title = token;
    const figure = document.createElement("bdi");
    figure.textContent = this.figures.get(token) ?? token;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.tabIndex = -1; // the keyboard has Backspace
    remove.setAttribute("aria-label", `${this.rich.dataset.remove}: ${figure.textContent}`);
    remove.textContent = "×";
    chip.append(figure, remove);
    return chip;
  }

  /** Take over what was typed, pasted or removed; tokens among it become chips. */
  take() {
    this.past.push(this.area.value);
    this.future = [];
    this.area.value = sourceOf(this.box);
    const typed = [...this.box.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.data.match(TOKEN),
    );
    if (typed) this.drawAt(this.caret());
    else this.flag();
  }

  /** Put the source text on the clipboard, so that figures stay figures. */
  carry(event) {
    const selection = document.getSelection();
    if (selection.isCollapsed) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", sourceOf(selection.getRangeAt(0).cloneContents()));
    if (event.type === "cut") {
      selection.deleteFromDocument();
      this.take();
    }
  }

  /** Go one step back or forth. */
  step(from, to) {
    if (!from.length) return;
    to.push(this.area.value);
    this.area.value = from.pop();
    this.drawAt(this.area.value.length);
  }

  /** Draw the box anew with the caret behind `offset` characters of source text. */
  drawAt(offset) {
    this.range = null;
    this.draw();
    const nodes = [...this.box.childNodes];
    let position = 0;
    for (const [index, node] of nodes.entries()) {
      const length = sourceOf({ childNodes: [node] }).length;
      if (offset <= position + length) {
        const inText = node.nodeType === Node.TEXT_NODE;
        document.getSelection().collapse(inText ? node : this.box, inText ? offset - position : index + 1);
        return;
      }
      position += length;
    }
    document.getSelection().collapse(this.box, nodes.length);
  }

  /** Return how much source text stands before the caret. */
  caret() {
    const { focusNode, focusOffset } = document.getSelection();
    const before = document.createRange();
    before.selectNodeContents(this.box);
    before.setEnd(focusNode, focusOffset);
    return sourceOf(before.cloneContents()).length;
  }

  click(event) {
    const remove = event.target.closest(".chip button");
    if (!remove) return;
    remove.closest(".chip").remove();
    this.take();
    this.box.focus();
  }

  remember() {
    const selection = document.getSelection();
    if (selection.rangeCount && this.box.contains(selection.anchorNode)) {
      this.range = selection.getRangeAt(0).cloneRange();
    }
  }

  insert() {
    if (this.area.hidden) {
      const chip = this.chip(this.choices.value);
      const range = this.range ?? document.createRange();
      if (!this.range) {
        range.selectNodeContents(this.box);
        range.collapse(false);
      }
      range.deleteContents();
      range.insertNode(chip);
      this.box.focus();
      document.getSelection().collapse(chip.parentNode, [...chip.parentNode.childNodes].indexOf(chip) + 1);
      this.take();
    } else {
      this.area.setRangeText(this.choices.value, this.area.selectionStart, this.area.selectionEnd, "end");
      this.area.focus();
      this.flag();
    }
  }

  /** Change between chips and the text with its tokens. */
  toggle() {
    const showSource = this.area.hidden;
    this.area.hidden = !showSource;
    this.box.hidden = showSource;
    this.source.setAttribute("aria-pressed", String(showSource));
    if (!showSource) this.draw();
  }

  /** Name and mark the figures that were typed. */
  flag() {
    const text = this.area.value;
    const spans = typedFigures(text, this.allowed);
    const named = spans.map(([start, end]) => text.slice(start, end)).join(" · ");
    this.digits.textContent = named ? `■ ${this.digits.dataset.said} ${named}` : "";
    this.mark(spans);
  }

  /** Underline spans of the source text in the box, without touching what is typed there. */
  mark(spans) {
    if (!globalThis.CSS?.highlights) return;
    const shared = CSS.highlights.get("typed-figures") ?? new Highlight();
    this.marks.forEach((mark) => shared.delete(mark));
    this.marks = spans.map((span) => this.rangeOf(span)).filter(Boolean);
    this.marks.forEach((mark) => shared.add(mark));
    CSS.highlights.set("typed-figures", shared);
  }

  rangeOf([start, end]) {
    let position = 0;
    for (const node of this.box.childNodes) {
      const length = node.nodeType === Node.TEXT_NODE ? node.data.length : sourceOf({ childNodes: [node] }).length;
      if (node.nodeType === Node.TEXT_NODE && start >= position && end <= position + length) {
        const range = document.createRange();
        range.setStart(node, start - position);
        range.setEnd(node, end - position);
        return range;
      }
      position += length;
    }
    return null;
  }
}
