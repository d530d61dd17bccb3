import type { Draw } from './draw.ts';
import { NUMBERS, TEXTS } from './hostile.ts';
import { mutateBytes } from './mutate-bytes.ts';

/** A text with one to four alterations: of its lines, its words, its numbers or its bytes. */
export function mutateText(draw: Draw, text: string): Buffer {
  let altered = text;
  for (let left = 1 + draw.below(4); left > 0; left--) {
    if (draw.once(4)) return mutateBytes(draw, Buffer.from(altered));
    altered = once(draw, altered);
  }
  return Buffer.from(altered);
}

function once(draw: Draw, text: string): string {
  const lines = text.split('\n');
  const at = draw.below(lines.length);
  const other = draw.below(lines.length);
  switch (draw.below(7)) {
    case 0:
      return lines.toSpliced(at, 1).join('\n');
    case 1:
      return lines.toSpliced(at, 0, ...Array.from({ length: draw.of([1, 50, 3000]) }, () => lines[other]!)).join('\n');
    case 2:
      return lines.with(at, lines[other]!).join('\n');
    case 3:
      return lines.with(at, draw.of(TEXTS)).join('\n');
    case 4:
      return lines
        .with(at, draw.of(['x', '"', '\t', ',', '<a>', '[', '- ', '&a ', '{']).repeat(draw.of([3, 1000, 60_000])))
        .join('\n');
    case 5:
      return replaceOne(draw, text, /-?\d+(?:\.\d+)?/g, draw.of(NUMBERS));
    default:
      return replaceOne(draw, text, /[\p{L}_]+/gu, draw.once(2) ? draw.of(TEXTS) : draw.text());
  }
}

function replaceOne(draw: Draw, text: string, pattern: RegExp, by: string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text + by;
  const { index, 0: match } = draw.of(found);
  return text.slice(0, index) + by + text.slice(index + match.length);
}
