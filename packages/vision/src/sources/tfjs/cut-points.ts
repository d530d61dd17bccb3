import type { NetworkNode } from './network.ts';

/**
 * The nodes whose output alone separates what comes before them from what comes after: those that
 * every path from the picture to the node `last` goes through. The first is 0, the last is `last`.
 *
 * A variable that two nodes share ties them together: no cut lies between them.
 */
export function cutPoints(nodes: readonly NetworkNode[], last: number): number[] {
  const needed = [...ancestors(nodes, last)].sort((a, b) => a - b);
  const lastUse = new Map<number, number>();
  const lastSharer = new Map<number, number>();
  for (const node of needed) {
    for (const input of nodes[node]!.inputs) lastUse.set(input, node);
    for (const { value } of nodes[node]!.variables) lastSharer.set(value.id, node);
  }
  const cuts: number[] = [];
  let open = 0; // the last use of any output, and of any variable, met so far
  for (const node of needed) {
    for (const { value } of nodes[node]!.variables) open = Math.max(open, lastSharer.get(value.id)!);
    if (open <= node && nodes[node]!.single) cuts.push(node);
    open = Math.max(open, lastUse.get(node) ?? node);
  }
  return cuts;
}

/** `last` and everything that it depends on. */
export function ancestors(nodes: readonly NetworkNode[], last: number): Set<number> {
  const needed = new Set([last]);
  for (let node = last; node >= 0; node--) {
    if (needed.has(node)) for (const input of nodes[node]!.inputs) needed.add(input);
  }
  return needed;
}

/** What nodes depend on, themselves included and up to other nodes, in order. */
export function nodesBetween(nodes: readonly NetworkNode[], from: readonly number[], to: readonly number[]): number[] {
  const given = new Set(from);
  const needed = new Set(to.filter((node) => !given.has(node)));
  for (let node = Math.max(...to); node >= 0; node--) {
    if (needed.has(node)) for (const input of nodes[node]!.inputs) if (!given.has(input)) needed.add(input);
  }
  return [...needed].sort((a, b) => a - b);
}
