import { describe, expect, it } from 'vitest';
import { joinStretches } from './join-stretches.ts';

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
