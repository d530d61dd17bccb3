import type { Network, NetworkNode } from './network.ts';

/**
 * The nodes whose output separates what comes before them from what comes after: those that every path from the inputs
 * to the node `last` goes through, carried inputs apart. The inputs are none of them; the last is `last`.
 *
 * A variable that two nodes share ties them together: no cut lies between them.
 */
export function cutPoints(network: Pick<Network, 'nodes' | 'inputs'>, last: number): number[] {
  const { nodes } = network;
  const inputs = new Set(network.inputs.map(({ node }) => node));
  const repeated = ofCarriedInputs(network);
  const needed = [...ancestors(nodes, last)].sort((a, b) => a - b).filter((node) => !repeated.has(node));
  const lastUse = new Map<number, number>();
  const lastSharer = new Map<number, number>();
  for (const node of needed) {
    for (const input of nodes[node]!.inputs) lastUse.set(input, node);
    for (const { value } of nodes[node]!.variables) lastSharer.set(value.id, node);
  }
  const cuts: number[] = [];
  // The last use of any output, and of any variable, met so far; that of the inputs from the start on.
  let open = Math.max(0, ...needed.flatMap((node) => (inputs.has(node) ? [lastUse.get(node) ?? 0] : [])));
  for (const node of needed) {
    if (inputs.has(node)) continue;
    for (const { value } of nodes[node]!.variables) open = Math.max(open, lastSharer.get(value.id)!);
    if (open <= node && nodes[node]!.single) cuts.push(node);
    open = Math.max(open, lastUse.get(node) ?? node);
  }
  return cuts;
}

/** Carried inputs, and nodes without variables that depend on them alone. */
function ofCarriedInputs({ nodes, inputs }: Pick<Network, 'nodes' | 'inputs'>): Set<number> {
  const found = new Set(inputs.flatMap(({ node, carried }) => (carried ? [node] : [])));
  for (const [node, { inputs: from, variables }] of nodes.entries())
    if (from.length > 0 && variables.length === 0 && from.every((input) => found.has(input))) found.add(node);
  return found;
}

/** `last` and everything that it depends on. */
export function ancestors(nodes: readonly NetworkNode[], last: number): Set<number> {
  const needed = new Set([last]);
  for (let node = last; node >= 0; node--) {
    if (needed.has(node)) for (const input of nodes[node]!.inputs) needed.add(input);
  }
  return needed;
}

/** What the nodes `to` depend on, themselves included, up to the nodes `from`, which are left out; in order. */
export function nodesBetween(nodes: readonly NetworkNode[], from: readonly number[], to: readonly number[]): number[] {
  const given = new Set(from);
  const needed = new Set(to.filter((node) => !given.has(node)));
  for (let node = Math.max(...to); node >= 0; node--) {
    if (needed.has(node)) for (const input of nodes[node]!.inputs) if (!given.has(input)) needed.add(input);
  }
  return [...needed].sort((a, b) => a - b);
}
