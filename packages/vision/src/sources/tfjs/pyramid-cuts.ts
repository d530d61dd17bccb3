import { mapArea, joinStretches, variablesOf, type Network, type Stretch } from '@headstart/core/network';
import type { MapLayout } from './map-layout.ts';

/** A node that the features need, as a probe found it. */
export interface ProbedNode {
  readonly node: number;
  /** As a map of the picture, where it is one. */
  readonly layout: MapLayout | undefined;
  /** Whether its output can be handed on: one float tensor with a batch axis. */
  readonly carries: boolean;
}

/** The end of a stage: its last node, and all nodes whose outputs what follows needs. */
export interface Boundary {
  readonly node: number;
  readonly carried: readonly number[];
}

/**
 * Where a network whose features are several maps is cut into stages. A cut after a node hands on its
 * output and, beside it, features and maps that are finer than it (those that a pyramid comes back to); where
 * anything else is needed later, inside a residual block or inside a pyramid, there is no cut. The pyramid
 * after the last cut is a stage of its own.
 *
 * @param needed nodes that the features depend on, in order, the picture first
 */
export function pyramidBoundaries(
  network: Network,
  needed: readonly ProbedNode[],
  features: ReadonlySet<number>,
): Boundary[] {
  const cuts = cleanCuts(network, needed, features);
  const stretches = cuts.slice(1).map((cut, i): Stretch & Boundary => {
    const inside = needed.filter(({ node }) => node > cuts[i]!.node && node <= cut.node);
    const kernels = variablesOf(
      network,
      inside.map(({ node }) => node),
    ).filter(({ role, value }) => role === 'weight' && value.rank > 1);
    return { ...cut, end: cut.node, shape: inside.at(-1)!.layout?.shape ?? [], kernels: kernels.length };
  });
  const last = stretches.at(-1)!;
  const stages = joinStretches(stretches.slice(0, -1)).map((joined) => joined.at(-1)! as Stretch & Boundary);
  if (last.kernels === 0) stages.pop(); // what has no weights goes with what is before it
  return [cuts[0]!, ...stages, last].map(({ node, carried }) => ({ node, carried }));
}

function cleanCuts(network: Network, needed: readonly ProbedNode[], features: ReadonlySet<number>): Boundary[] {
  const lastUse = new Map<number, number>();
  const lastSharer = new Map<number, number>();
  for (const { node } of needed) {
    for (const input of network.nodes[node]!.inputs) lastUse.set(input, node);
    for (const { value } of network.nodes[node]!.variables) lastSharer.set(value.id, node);
  }
  for (const feature of features) lastUse.set(feature, Infinity);
  const cuts: Boundary[] = [];
  let live: ProbedNode[] = [];
  let shared = 0; // the last use of any variable met so far
  for (const probed of needed) {
    const { node, layout, carries } = probed;
    live = [...live, probed].filter((each) => lastUse.get(each.node)! > node);
    for (const { value } of network.nodes[node]!.variables) shared = Math.max(shared, lastSharer.get(value.id)!);
    const isLast = probed === needed.at(-1);
    const handsOn = (each: ProbedNode) =>
      each === probed ||
      features.has(each.node) ||
      (each.carries && each.layout !== undefined && mapArea(each.layout.shape) > mapArea(layout!.shape));
    if (isLast || node === 0 || (carries && layout && shared <= node && live.every(handsOn)))
      cuts.push({ node, carried: live.map((each) => each.node) });
  }
  return cuts;
}
