// Typed figures: numerals of any script outside tokens, literals and given names.
// The same rule as the check `unbound_figure`, which remains the judge.

export const TOKEN = /\[\[([a-z0-9_]+(?:\.[a-z0-9_]+)*)(?:\|([a-z_]+))?\]\]/g;

const blank = (found) => " ".repeat(found.length);

const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** Return the [start, end] of every typed figure in a source text. */
export function typedFigures(sourceText, allowed) {
  const names = allowed.filter(Boolean).map(escape).join("|");
  let bare = sourceText.replace(TOKEN, blank);
  if (names) {
    bare = bare.replace(new RegExp(`(?<![0-9A-Za-z])(?:${names})(?![0-9A-Za-z])`, "gu"), blank);
  }
  const found = [];
  for (const word of bare.matchAll(/\S+/g)) {
    const held = [...word[0].matchAll(/\p{N}/gu)];
    if (held.length) {
      const last = held.at(-1);
      found.push([word.index + held[0].index, word.index + last.index + last[0].length]);
    }
  }
  return found;
}
