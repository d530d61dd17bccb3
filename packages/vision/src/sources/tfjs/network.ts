import type { Tensor } from '@tensorflow/tfjs-core';
import type { ForwardMode, ModelVariable } from '@headstart/core/network';

/** How a variable starts when it is trained from nothing. */
export type Start =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'he-normal'; readonly fanIn: number };

export interface NetworkVariable extends ModelVariable {
  readonly start: Start;
}

/** One operation: a layer of a LayersModel, a node of a GraphModel. */
export interface NetworkNode {
  readonly name: string;
  /** The layer's class or the node's operation. */
  readonly operation: string;
  /** Indices of the nodes whose outputs it takes; all are smaller than its own. */
  readonly inputs: readonly number[];
  readonly variables: readonly NetworkVariable[];
  /** False where another output than the first is used: nothing can be cut after it. */
  readonly single: boolean;
}

/** A network of one picture as nodes in topological order. Node 0 is the picture, `[batch, height, width, channels]`. */
export interface Network {
  readonly nodes: readonly NetworkNode[];
  /** The node that the model gives out. */
  readonly output: number;
  /** Of the picture; null where the model leaves it open. */
  readonly inputShape: readonly (number | null)[];
  /** Names the function that is computed, values of the variables apart. */
  readonly digest: string;
  /** The files to build it from again, values of the variables apart. */
  readonly assets: Readonly<Record<string, Uint8Array>>;
  /**
   * Computes the outputs of nodes from those of other nodes, on which alone they must depend. What is given
   * is not given back: the tensors of the answer are new ones, in the order of `to`.
   */
  run(given: ReadonlyMap<number, Tensor>, to: readonly number[], mode: ForwardMode): Tensor[];
  /** Frees what is not a variable. */
  dispose(): void;
}

/** The variables of some nodes, each once, in order. */
export function variablesOf(network: Network, nodes: Iterable<number>): NetworkVariable[] {
  const found = new Map<number, NetworkVariable>();
  for (const node of nodes)
    for (const variable of network.nodes[node]!.variables) found.set(variable.value.id, variable);
  return [...found.values()];
}
