import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { constant } from '../layers/initialisers.ts';
import { cutPoints } from './cut-points.ts';
import type { NetworkInput, NetworkNode, NetworkVariable } from './network.ts';

function node(inputs: number[], variables: NetworkVariable[] = [], single = true): NetworkNode {
  return { name: `n${inputs.join()}`, operation: 'x', inputs, variables, single, classifies: false };
}

function input(node: number, carried = false): NetworkInput {
  return { node, name: `in${node}`, shape: [], dtype: 'float32', carried };
}

function sharedVariable(): NetworkVariable {
  return { name: 'v', value: tf.variable(tf.scalar(1)), role: 'weight', decay: false, initialiser: constant(0) };
}

describe('cutPoints', () => {
  it('finds what every path goes through', () => {
    // 0 → 1 → 2 → 4 with a side path 1 → 3 → 4, then 5; 6 is another output and does not count.
    const nodes = [node([]), node([0]), node([1]), node([1]), node([2, 3]), node([4]), node([2])];
    expect(cutPoints({ nodes, inputs: [input(0)] }, 5)).toEqual([1, 4, 5]);
  });

  it('does not cut where more than a first output is used', () => {
    const nodes = [node([]), node([0], [], false), node([1])];
    expect(cutPoints({ nodes, inputs: [input(0)] }, 2)).toEqual([2]);
  });

  it('keeps nodes that share a variable together', () => {
    const shared = sharedVariable();
    const nodes = [node([]), node([0], [shared]), node([1]), node([2], [shared]), node([3])];
    expect(cutPoints({ nodes, inputs: [input(0)] }, 4)).toEqual([3, 4]);
    shared.value.dispose();
  });

  it('does not cut before all inputs are used, wherever they stand', () => {
    // Two branches, 0 → 1 and 2 → 3, meet in 4.
    const nodes = [node([]), node([0]), node([]), node([2]), node([1, 3]), node([4])];
    expect(cutPoints({ nodes, inputs: [input(0), input(2)] }, 5)).toEqual([4, 5]);
  });

  it('cuts across a carried input and what is computed from it alone without weights', () => {
    // A mask, 1, and its scores, 2, that two layers, 4 and 5, take beside what came before.
    const nodes = [node([]), node([]), node([1]), node([0]), node([3, 2]), node([4, 2, 1])];
    const inputs = (carried: boolean) => [input(0), input(1, carried)];
    expect(cutPoints({ nodes, inputs: inputs(true) }, 5)).toEqual([3, 4, 5]);
    expect(cutPoints({ nodes, inputs: inputs(false) }, 5)).toEqual([5]);
    const shared = sharedVariable();
    // Scores with a weight are not computed twice.
    const weighted = nodes.map((each, at) => (at === 2 ? node([1], [shared]) : each));
    expect(cutPoints({ nodes: weighted, inputs: inputs(true) }, 5)).toEqual([5]);
    shared.value.dispose();
  });
});
