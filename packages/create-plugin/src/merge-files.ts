import type { Files } from './plugin-files.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Lays folders of files over one another. Where several have the same file, JSON is merged, later values over earlier ones,
 * and Markdown goes on where the later one, which is the more special, ends.
 */
export function mergeFiles(layers: readonly Files[]): Files {
  const merged = new Map<string, string | Uint8Array>();
  for (const [path, content] of layers.flatMap((layer) => [...layer])) {
    const below = merged.get(path);
    merged.set(path, below === undefined ? content : merge(path, String(below), String(content)));
  }
  return merged;
}

function merge(path: string, below: string, above: string): string {
  if (path.endsWith('.md')) return `${above.trimEnd()}\n\n${below}`;
  if (!path.endsWith('.json')) throw new Error(`Two layers of templates have ${path}, which cannot be merged.`);
  return `${JSON.stringify(mergeJson(JSON.parse(below) as Json, JSON.parse(above) as Json), undefined, 2)}\n`;
}

/** Objects are merged by key, and lists one after the other; anything else is replaced. */
function mergeJson(below: Json, above: Json): Json {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    if (Array.isArray(old) && Array.isArray(value)) merged[key] = [...(old as unknown[]), ...(value as unknown[])];
    else merged[key] = isObject(old) && isObject(value) ? mergeJson(old, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
