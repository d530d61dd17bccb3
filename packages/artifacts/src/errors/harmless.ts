/**
 * What a terminal would take for an order, or show otherwise than it is: control characters of ASCII and Latin-1 (tabs
 * apart), separators of lines, marks that turn the direction of text, halves of characters.
 */
const CONTROL = /[\u0000-\u0008\n-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** A text that may be written to a terminal: control characters that names and messages hold are shown as `\n`, `\u001b`. */
export function harmless(text: string): string {
  return text.replace(CONTROL, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });
}
