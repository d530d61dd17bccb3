import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { cutPoints } from './cut-points.ts';
import type { NetworkNode, NetworkVariable } from './network.ts';
import { joinStretches } from './network-stages.ts';

function node(inputs: number[], variables: NetworkVariable[] = [], single = true): NetworkNode {
  return { name: `n${inputs.join()}`, operation: 'x', inputs, variables, single };
}

describe('cutPoints', () => {
  it('finds what every path goes through', () => {
    // 0 → 1 → 2 → 4 with a side path 1 → 3 → 4, then 5; 6 is another output and does not count.
    const nodes = [node([]), node([0]), node([1]), node([1]), node([2, 3]), node([4]), node([2])];
    expect(cutPoints(nodes, 5)).toEqual([0, 1, 4, 5]);
  });

  it('does not cut where more than a first output is used', () => {
    expect(cutPoints([node([]), node([0], [], false), node([1])], 2)).toEqual([0, 2]);
  });

  it('keeps nodes that share a variable together', () => {
    const value = tf.variable(tf.scalar(1));
    const shared: NetworkVariable = {
      name: 'v',
      value,
      role: 'weight',
      decay: false,
      start: { kind: 'constant', value: 0 },
    };
    expect(cutPoints([node([]), node([0], [shared]), node([1]), node([2], [shared]), node([3])], 4)).toEqual([0, 3, 4]);
  });
});

describe('joinStretches', () => {
  const stretch = (end: number, side: number, channels: number, kernels: number) => ({
    end,
    shape: side === 0 ? [channels] : [side, side, channels],
    kernels,
  });

  it('ends a stage where the map shrinks, where it becomes a vector, and at four kernels', () => {
    const stages = joinStretches([
      stretch(1, 32, 8, 1),
      stretch(2, 32, 8, 0), // convolution, activation
      stretch(3, 16, 8, 0),
      stretch(4, 16, 16, 3),
      stretch(5, 16, 16, 2), // pooling and what follows; 3 + 2 kernels are too many
      stretch(6, 0, 16, 0), // global pooling
    ]);
    expect(stages.map((stage) => stage.map(({ end }) => end))).toEqual([[1, 2], [3, 4], [5], [6]]);
  });

  it('keeps padding with what it pads', () => {
    const stages = joinStretches([
      stretch(1, 33, 3, 0),
      stretch(2, 16, 8, 1),
      stretch(3, 17, 8, 0),
      stretch(4, 8, 8, 1),
    ]);
    expect(stages.map((stage) => stage.map(({ end }) => end))).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
