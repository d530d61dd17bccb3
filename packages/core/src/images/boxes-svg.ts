import { escapeXml } from '../pages/escape-xml.ts';
import type { Size } from './image.ts';

/** The left and top edge, width and height, in pixels. */
type DrawnRectangle = readonly [left: number, top: number, width: number, height: number];

/** A box to draw. */
export interface DrawnBox {
  readonly box: DrawnRectangle;
  /** Above the box; nothing where absent. */
  readonly text?: string;
  /** A CSS colour; one of the text's own where absent. */
  readonly colour?: string;
  readonly dashed?: boolean;
  /** Puts the text under the box, where another's would cover it. */
  readonly under?: boolean;
}

/**
 * Boxes with their texts as an SVG picture of a size, transparent elsewhere. Texts lie over all frames and beside one
 * another: one that would cover an earlier one moves down, as far as there is room.
 */
export function boxesSvg(boxes: readonly DrawnBox[], size: Size): string {
  const stroke = Math.max(2, Math.round(Math.min(size.width, size.height) / 250));
  const font = Math.max(12, Math.round(Math.min(size.width, size.height) / 32));
  // Large boxes first, so that small ones lie on top.
  const frames = boxes
    .toSorted((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3])
    .map((box) => frameSvg(box, stroke));
  const taken: DrawnRectangle[] = [];
  const texts = boxes.map((box) =>
    box.text === undefined ? '' : textSvg(box.text, colourFor(box), placeText(box, size, stroke, font, taken), font),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${frames.join('')}${texts.join('')}</svg>`;
}

const colourFor = ({ text, colour = colourOf(text?.split(' ')[0] ?? '') }: DrawnBox) => colour;

function frameSvg(drawn: DrawnBox, stroke: number): string {
  const [x, y, width, height] = drawn.box;
  const dashes = drawn.dashed ? ` stroke-dasharray="${3 * stroke} ${2 * stroke}"` : '';
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="none" stroke="${colourFor(drawn)}" stroke-width="${stroke}"${dashes}/>`;
}

/** The background of a box's text, which is added to those taken. */
function placeText(
  { box: [x, y, , height], text, under }: DrawnBox,
  size: Size,
  stroke: number,
  font: number,
  taken: DrawnRectangle[],
): DrawnRectangle {
  const wide = 0.62 * font * [...text!].length + 0.6 * font;
  const high = 1.35 * font;
  const left = Math.max(0, Math.min(x - stroke / 2, size.width - wide));
  const wanted = Math.min(under ? y + height : y - high >= 0 ? y - high : y, size.height - high);
  const covering = (top: number) =>
    taken.find(
      ([otherLeft, otherTop, otherWide]) =>
        left < otherLeft + otherWide && otherLeft < left + wide && Math.abs(top - otherTop) < high - 1e-9,
    );
  let [top, covered] = [wanted, covering(wanted)];
  while (covered && covered[1] + 2 * high <= size.height) covered = covering((top = covered[1] + high));
  const background: DrawnRectangle = [left, covered ? wanted : top, wide, high];
  taken.push(background);
  return background;
}

function textSvg(text: string, colour: string, [left, top, wide, high]: DrawnRectangle, font: number): string {
  return (
    `<rect x="${round(left)}" y="${round(top)}" width="${round(wide)}" height="${round(high)}" fill="${colour}"/>` +
    `<text x="${round(left + 0.3 * font)}" y="${round(top + font)}" font-family="DejaVu Sans, Arial, Helvetica, sans-serif" font-size="${font}" font-weight="bold" fill="#fff">${escapeXml(text)}</text>`
  );
}

/** A dark colour, the same for the same word: its hue by a hash of the word (FNV-1a). */
export function colourOf(word: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(word)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `hsl(${hash % 360}, 75%, 36%)`;
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
