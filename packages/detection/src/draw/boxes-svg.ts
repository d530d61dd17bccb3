import type { Box, Size } from '../boxes/box.ts';

/** A box to draw. */
export interface DrawnBox {
  readonly box: Box;
  /** Above the box; nothing where absent. */
  readonly text?: string;
  /** A CSS colour; one of the text's own where absent. */
  readonly colour?: string;
  readonly dashed?: boolean;
  /** Puts the text under the box, where another's would cover it. */
  readonly under?: boolean;
}

/** Boxes with their texts as an SVG picture of a size, transparent elsewhere. */
export function boxesSvg(boxes: readonly DrawnBox[], { width, height }: Size): string {
  const stroke = Math.max(2, Math.round(Math.min(width, height) / 250));
  const font = Math.max(12, Math.round(Math.min(width, height) / 32));
  // Large boxes first, so that the texts of small ones lie on top.
  const drawn = boxes.toSorted((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3]).map((box) => oneBox(box, { width, height }, stroke, font));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn.join('')}</svg>`;
}

function oneBox({ box: [x, y, width, height], text, colour = colourOf(text?.split(' ')[0] ?? ''), dashed, under }: DrawnBox, size: Size, stroke: number, font: number): string {
  const frame = `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="none" stroke="${colour}" stroke-width="${stroke}"${dashed ? ` stroke-dasharray="${3 * stroke} ${2 * stroke}"` : ''}/>`;
  if (text === undefined) return frame;
  const wide = 0.62 * font * [...text].length + 0.6 * font;
  const high = 1.35 * font;
  const left = Math.max(0, Math.min(x - stroke / 2, size.width - wide));
  const wanted = under ? y + height : y - high >= 0 ? y - high : y;
  const top = Math.min(wanted, size.height - high);
  return (
    `${frame}<rect x="${round(left)}" y="${round(top)}" width="${round(wide)}" height="${round(high)}" fill="${colour}"/>` +
    `<text x="${round(left + 0.3 * font)}" y="${round(top + font)}" font-family="DejaVu Sans, Arial, Helvetica, sans-serif" font-size="${font}" font-weight="bold" fill="#fff">${escapeXml(text)}</text>`
  );
}

/** A dark colour, the same for the same word: its hue by a hash of the word (FNV-1a). */
export function colourOf(word: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(word)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `hsl(${hash % 360}, 75%, 36%)`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for XML and HTML; characters that XML does not know are left out. */
export function escapeXml(text: string): string {
   
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
