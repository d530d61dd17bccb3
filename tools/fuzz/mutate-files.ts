import { extname } from 'node:path';
import type { Draw } from './draw.ts';
import type { Files } from './family.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateText } from './mutate-text.ts';
import { bomb } from './bombs.ts';

const TEXT = new Set(['.txt', '.csv', '.tsv', '.xml', '.yaml', '.yml', '.md', '.data', '.names', '.svg', '.html']);
const LINES = new Set(['.jsonl', '.ndjson']);

/** Files one or two of which are altered, each as its format is: of those alone that `which` takes. */
export function mutateFiles(draw: Draw, files: Files, which: (name: string) => boolean = () => true): Files {
  const altered = new Map(files);
  const names = [...files.keys()].filter(which);
  // Now and then as they are: what is valid has to be taken.
  if (names.length === 0 || draw.once(25)) return altered;
  for (let left = draw.once(4) ? 2 : 1; left > 0; left--) {
    const name = draw.of(names);
    if (draw.once(40)) altered.delete(name);
    else altered.set(name, mutateFile(draw, name, Buffer.from(altered.get(name) ?? '')));
  }
  return altered;
}

function mutateFile(draw: Draw, name: string, bytes: Buffer): Uint8Array {
  const ending = extname(name).toLowerCase();
  if (draw.once(12)) {
    const large = bomb(draw, ending);
    if (large) return large;
  }
  if (ending === '.json') return mutateJsonText(draw, bytes);
  if (LINES.has(ending) && draw.once(2)) {
    const lines = bytes.toString().split('\n');
    const at = draw.below(lines.length);
    return Buffer.from(lines.with(at, mutateJsonText(draw, Buffer.from(lines[at]!)).toString()).join('\n'));
  }
  return TEXT.has(ending) || LINES.has(ending) ? mutateText(draw, bytes.toString()) : mutateBytes(draw, bytes);
}

/** What is no JSON, or nested deeper than can be altered value by value, byte by byte. */
function mutateJsonText(draw: Draw, bytes: Buffer): Buffer {
  try {
    return mutateJson(draw, JSON.parse(bytes.toString()));
  } catch {
    return mutateBytes(draw, bytes);
  }
}
