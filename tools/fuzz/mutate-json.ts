import type { Draw } from './draw.ts';
import { NUMBERS, rawJson, TEXTS } from './hostile.ts';
import { mutateBytes } from './mutate-bytes.ts';

type Node = Record<string | number, unknown>;

/** A JSON document with one to three of its values, keys or elements altered; now and then its bytes. */
export function mutateJson(draw: Draw, document: unknown): Buffer {
  if (draw.once(8)) return mutateBytes(draw, Buffer.from(JSON.stringify(document)));
  const root = { document: structuredClone(document) };
  const raw: string[] = [];
  for (let left = 1 + draw.below(3); left > 0; left--) alter(draw, root, raw);
  const text = JSON.stringify(root.document) ?? '';
  return Buffer.from(text.replaceAll(/"<raw (\d+)>"/g, (_, index: string) => raw[Number(index)]!));
}

function alter(draw: Draw, root: { document: unknown }, raw: string[]): void {
  const places = placesIn(root);
  const { node, key } = draw.of(places);
  const value = node[key];
  const put = (text: string) => void (node[key] = `<raw ${raw.push(text) - 1}>`);
  switch (draw.below(10)) {
    case 0:
    case 1:
      return put(draw.of(NUMBERS));
    case 2:
      return put(rawJson(draw));
    case 3:
      return void (node[key] = draw.of(TEXTS));
    case 4:
      return void (node[key] = draw.of<unknown>([null, true, false, [], {}, draw.json()]));
    case 5:
      if (Array.isArray(node)) node.splice(Number(key), 1);
      else if (node !== root) delete node[key];
      return;
    case 6:
      if (Array.isArray(node))
        node.splice(Number(key), 0, ...Array.from({ length: draw.of([1, 3, 500]) }, () => structuredClone(value)));
      else if (node !== root) node[draw.of(TEXTS)] = structuredClone(value);
      return;
    case 7:
      return void (node[key] = structuredClone(
        draw.of(places.filter((place) => place.node !== root).concat({ node, key })).node,
      ));
    case 8:
      return void (node[key] =
        typeof value === 'number' ? String(value) : typeof value === 'string' ? Number(value) : [value]);
    default:
      return void (node[key] = typeof value === 'number' ? draw.double() : draw.text());
  }
}

/** Every value of a document with what it stands in; of long lists and maps the first and some others. */
function placesIn(root: object): { node: Node; key: string | number }[] {
  const places: { node: Node; key: string | number }[] = [];
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined && places.length < 5000; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
      places.push({ node: value as Node, key });
      open.push((value as Node)[key]);
    }
  }
  return places;
}
