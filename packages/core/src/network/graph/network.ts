import type { Tensor } from '@tensorflow/tfjs-core';
import type { Initialiser } from '../layers/initialisers.ts';
import type { ForwardMode, ModelVariable } from '../stage.ts';
import type { TensorSpec } from '../tensors.ts';

/** A variable of a network, and how it starts when it is trained from nothing. */
export interface NetworkVariable extends ModelVariable {
  readonly initialiser: Initialiser;
}

/** One operation: a layer of a LayersModel, a node of a graph. */
export interface NetworkNode {
  readonly name: string;
  /** The layer's class or the node's operation, for messages. */
  readonly operation: string;
  /** Indices of the nodes whose outputs it takes; all are smaller than its own. */
  readonly inputs: readonly number[];
  readonly variables: readonly NetworkVariable[];
  /** False where another output than the first is used: nothing can be cut after it. */
  readonly single: boolean;
  /** Whether a classifier can end in it (a product, a bias, a softmax), so that what it gives last is not a feature. */
  readonly classifies: boolean;
}

/** A tensor that a network takes. */
export interface NetworkInput {
  /** The node that stands for it. */
  readonly node: number;
  /** What the tensor is called among a stage's inputs, such as `image`. */
  readonly name: string;
  /** Without the batch axis; null where the model leaves a side open. */
  readonly shape: readonly (number | null)[];
  readonly dtype: TensorSpec['dtype'];
  /**
   * Whether stages hand it on beside what they compute, as a mask that every layer takes. What depends on such inputs
   * alone, without a variable, is computed again in each stage that needs it.
   */
  readonly carried?: boolean;
}

/**
 * A network of another program as nodes in topological order, whose stages may be frozen or trained: what a reader of a
 * format makes of a model, for `networkBackbone`.
 */
export interface Network {
  readonly nodes: readonly NetworkNode[];
  /** At least one; every other node depends on some of them. */
  readonly inputs: readonly NetworkInput[];
  /** The node that the model gives out. */
  readonly output: number;
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
export function variablesOf({ nodes }: Pick<Network, 'nodes'>, of: Iterable<number>): NetworkVariable[] {
  const found = new Map<number, NetworkVariable>();
  for (const node of of) for (const variable of nodes[node]!.variables) found.set(variable.value.id, variable);
  return [...found.values()];
}
