import type { EvidenceItems } from '@headstart/core/trials';
import { describe, expect, it } from 'vitest';
import { worstItems, type ScoredPredictions } from './worst-items.ts';

const LABELS = ['cat', 'dog', 'eel'];

function run(probabilities: readonly (readonly number[])[], scores: readonly number[]): ScoredPredictions {
  const items: EvidenceItems = {
    kind: 'classification',
    shared: { labels: LABELS },
    columns: [
      { name: 'truth', type: 'int32', values: [0, 1, 2] },
      { name: 'probabilities', type: 'float32[]', values: probabilities },
    ],
  };
  return { ids: ['a', 'b', 'c'], digests: ['da', 'db', 'dc'], items, scores };
}

const CAT = [1, 0, 0];
const DOG = [0, 1, 0];

describe('worst items', () => {
  it('are those that the seeds get wrong most, with what they said', () => {
    const runs = [run([CAT, CAT, CAT], [1, 0, 0]), run([CAT, DOG, DOG], [1, 1, 0])];
    expect(worstItems(runs)).toEqual([
      { id: 'c', digest: 'dc', truth: 'eel', predicted: 'cat; dog', score: 0 },
      { id: 'b', digest: 'db', truth: 'dog', predicted: 'cat; dog', score: 0.5 },
    ]);
  });

  it('are of the items of the first seed, where another was tested on others', () => {
    const other = { ...run([CAT, DOG, DOG], [0, 0, 0]), digests: ['x', 'y', 'z'] };
    expect(worstItems([run([CAT, CAT, CAT], [1, 0, 0]), other]).map(({ id, predicted }) => [id, predicted])).toEqual([
      ['b', 'cat'],
      ['c', 'cat'],
    ]);
    expect(worstItems([])).toEqual([]);
  });

  it('say of several labels which are true and which are given, and of other evidence what it has', () => {
    const several: EvidenceItems = {
      kind: 'multi-label',
      shared: { labels: LABELS },
      columns: [
        { name: 'truth', type: 'json', values: ['[0,2]'] },
        { name: 'probabilities', type: 'float32[]', values: [[0.2, 0.6, 0.9]] },
      ],
    };
    const scores: EvidenceItems = {
      kind: 'scores',
      shared: {},
      columns: [
        { name: 'truth', type: 'float32', values: [4] },
        { name: 'predicted', type: 'float32', values: [2.123456] },
      ],
    };
    const one = { ids: ['a'], digests: ['da'], scores: [0.5] };
    expect(worstItems([{ ...one, items: several }])).toMatchObject([{ truth: 'cat, eel', predicted: 'dog, eel' }]);
    const tuned = { ...several, shared: { labels: LABELS, thresholds: [0.1, 0.7, 0.5] } };
    expect(worstItems([{ ...one, items: tuned }])).toMatchObject([{ predicted: 'cat, eel' }]);
    expect(worstItems([{ ...one, items: scores }])).toMatchObject([{ truth: '4', predicted: 'predicted 2.123' }]);
  });
});
