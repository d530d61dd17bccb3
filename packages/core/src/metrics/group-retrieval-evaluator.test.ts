import '@tensorflow/tfjs';
import { memory, setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { groupRanks, groupRetrievalEvaluator } from './group-retrieval-evaluator.ts';

beforeAll(() => setBackend('cpu'));

/** Unit vectors by their angle in degrees, each of some length. */
const at = (degrees: number, length = 1) => [
  length * Math.cos((degrees * Math.PI) / 180),
  length * Math.sin((degrees * Math.PI) / 180),
];
const ROWS = [at(0), at(50, 3), at(20), at(40, 0.1), at(180)];
const GROUPS = [7, 7, 2, 2, 9];
// From 0°, its own is at 50°; 20° and 40° come before. From 50°, 40° and 20° come before 0°. From 20°, its own at 40° is as
// far as 0°, which counts before it. From 40°, only 50° comes before 20°. The last has nobody of its group.
const RANKS = [2, 2, 1, 1];

describe('groupRanks', () => {
  it('count who of other groups comes before the nearest of the own; who has none is left out', async () => {
    expect([...(await groupRanks(Float32Array.from(ROWS.flat()), Int32Array.from(GROUPS), 2))]).toEqual(RANKS);
  });
});

describe('groupRetrievalEvaluator', () => {
  it('reports recall and mean reciprocal rank over batches, and keeps no tensor', async () => {
    const before = memory().numTensors;
    const evaluator = groupRetrievalEvaluator({ embeddings: 'vectors', groups: 'group' });
    for (const [from, to] of [
      [0, 2],
      [2, 5],
    ] as const) {
      const [vectors, group] = [tensor2d(ROWS.slice(from, to)), tensor1d(GROUPS.slice(from, to), 'int32')];
      await evaluator.add({ vectors }, { group });
      vectors.dispose();
      group.dispose();
    }
    await evaluator.finish!();
    expect(memory().numTensors).toBe(before);
    const { values } = evaluator.report();
    expect(values).toEqual({
      recallAt1: 0,
      recallAt5: 1,
      recallAt10: 1,
      mrr: expect.closeTo((1 / 3 + 1 / 3 + 1 / 2 + 1 / 2) / 4, 6) as number,
    });
    expect(evaluator.evidence!()).toEqual({
      kind: 'retrieval',
      evidence: { ranks: Int32Array.from(RANKS), asked: Uint8Array.of(1, 1, 1, 1, 0) },
    });
  });
});
