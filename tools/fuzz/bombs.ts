import { gzipSync } from 'node:zlib';
import type { Draw } from './draw.ts';

/** What of a format grows out of a small file, or takes the square of its length; undefined where none is known. */
export function bomb(draw: Draw, ending: string): Buffer | undefined {
  const size = draw.of([1000, 20_000, 200_000]);
  const text = makers[ending]?.(draw, size);
  if (text === undefined) return undefined;
  return draw.once(8) ? gzipSync(text) : Buffer.from(text);
}

const makers: Readonly<Record<string, (draw: Draw, size: number) => string>> = {
  '.xml': (draw, size) =>
    draw.of([
      () => `<annotation>${'<a>'.repeat(size)}`,
      () => `<annotation>${'<object>'.repeat(size)}${'</object>'.repeat(size)}</annotation>`,
      () => `<annotation>${'<object/>'.repeat(size)}</annotation>`,
      () => `<annotation ${Array.from({ length: size }, (_, i) => `a${i}="1"`).join(' ')}/>`,
      () => `<!DOCTYPE x [<!ENTITY a "${'x'.repeat(size)}">]><annotation>${'&a;'.repeat(size)}</annotation>`,
      () => `<annotation>${'<!-- -->'.repeat(size)}<filename>${'&amp;'.repeat(size)}</filename></annotation>`,
      () => `<annotations>${'<image>'.repeat(size)}`,
    ])(),
  '.yaml': (draw, size) =>
    `train: images\nnames: [a]\n${draw.of([
      () => Array.from({ length: size }, (_, i) => `k${i}: &a${i} 1`).join('\n'),
      () => Array.from({ length: 30 }, (_, i) => `k${i}: &a${i} [${`*a${i - 1},`.repeat(i > 0 ? 9 : 0)}1]`).join('\n'),
      () => `q: ${'['.repeat(size)}`,
      () => `q: ${'{a: '.repeat(size)}`,
      () => `q: ${'? '.repeat(size)}`,
      () => `q:\n${'- '.repeat(size)}`,
      () => `q: "${'\\\n'.repeat(size)}"`,
      () => `q: "${'\n'.repeat(size)}"`,
      () => Array.from({ length: Math.min(size, 3000) }, (_, i) => `${' '.repeat(i)}k${i}:`).join('\n'),
      () => `q: ${'!!str '.repeat(size)}`,
      () => `q: ${"''".repeat(size)}`,
      () => `---\n`.repeat(size),
      () => Array.from({ length: size }, () => `<<: {a: 1}`).join('\n'),
      () => `q: |\n${' x\n'.repeat(size)}`,
      () => `${'# c\n'.repeat(size)}q: 1`,
    ])()}`,
  '.json': (draw, size) =>
    draw.of([
      () => '['.repeat(size),
      () => '{"images":'.repeat(size),
      () => `{"images":[${'{},'.repeat(size)}{}],"annotations":[],"categories":[]}`,
      () => `[${'[],'.repeat(size)}[]]`,
      () => `{"a":"${'\\u0041'.repeat(size)}"}`,
      () => `{"a":1${'0'.repeat(size)}}`,
      () => `${' '.repeat(size)}{}`,
    ])(),
  '.csv': (draw, size) =>
    draw.of([
      () => `${'a,'.repeat(size)}\n${'1,'.repeat(size)}`,
      () => `text,label\n${'"'.repeat(size)}`,
      () => `text,label\n"${'x\n'.repeat(size)}`,
      () => '\n'.repeat(size),
      () => `text,label\n${'a,b\n'.repeat(size)}`,
      () => `text,label\n${'x'.repeat(size)},a\ny,b\n`,
    ])(),
  '.jsonl': (draw, size) =>
    draw.of([
      () => `${'{"text":"a","label":"b"}\n'.repeat(size)}`,
      () => '['.repeat(size),
      () => `{"text":"${'x'.repeat(size)}"`,
      () => Array.from({ length: Math.min(size, 20_000) }, (_, i) => `{"k${i}":1}`).join('\n'),
    ])(),
  '.txt': (draw, size) =>
    draw.of([
      () => '0 0.5 0.5 0.1 0.1\n'.repeat(size),
      () => `0 ${'0.5 '.repeat(size)}`,
      () => 'x'.repeat(size),
      () => '\n'.repeat(size),
    ])(),
};
