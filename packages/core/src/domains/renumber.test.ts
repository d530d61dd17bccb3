import { describe, expect, it } from 'vitest';
import { renumberLabels } from './renumber.ts';
import type { LabelledObject, Sample, TargetData } from './target-domain.ts';

const of = (labels: string[], samples: Sample[]): TargetData => {
  return {
    id: 'd',
    modality: 'text',
    reader: 'r',
    labels,
    samples: samples.map((sample) => ({ sample })),
    skipped: [],
  };
};

/** Whose content is read when asked for. */
class Lazy implements Sample {
  reads = 0;
  readonly id = 'lazy';
  get label(): number {
    return 1;
  }
  get digest(): string {
    this.reads++;
    return 'd';
  }
}

describe('renumberLabels', () => {
  it('numbers one label and several as the other list does, several in ascending order', () => {
    const data = of(
      ['a', 'c'],
      [
        { id: '1', digest: 'x', label: 0 },
        { id: '2', digest: 'y', labels: [0, 1] },
        { id: '3', digest: 'z', score: 2 },
      ],
    );
    const { labels, samples } = renumberLabels(data, ['c', 'b', 'a']);
    expect(labels).toEqual(['c', 'b', 'a']);
    expect(
      samples.map(({ sample: { id, digest, label, labels: several, score } }) => [id, digest, label, several, score]),
    ).toEqual([
      ['1', 'x', 2, undefined, undefined],
      ['2', 'y', undefined, [0, 2], undefined],
      ['3', 'z', undefined, undefined, 2],
    ]);
    expect(data.samples[0]!.sample.label).toBe(0);
  });

  it('numbers the labels of objects and leaves where they lie', () => {
    const data = of(
      ['a', 'c'],
      [{ id: '1', digest: 'x', objects: [{ label: 1, box: [1, 2, 3, 4] } as LabelledObject, { label: 0 }] }],
    );
    expect(renumberLabels(data, ['c', 'b', 'a']).samples[0]!.sample.objects).toEqual([
      { label: 0, box: [1, 2, 3, 4] },
      { label: 2 },
    ]);
  });

  it('reads nothing of a sample that is read when asked', () => {
    const lazy = new Lazy();
    const { sample } = renumberLabels(of(['a', 'b'], [lazy]), ['b', 'a']).samples[0]!;
    expect([sample.label, lazy.reads]).toEqual([0, 0]);
    expect([sample.id, sample.digest]).toEqual(['lazy', 'd']);
  });

  it('gives samples that can be copied whole', () => {
    const { sample } = renumberLabels(of(['a', 'b'], [{ id: '1', digest: 'x', label: 0 }]), ['b', 'a']).samples[0]!;
    expect({ ...sample, id: '2' }).toEqual({ id: '2', digest: 'x', label: 1 });
  });

  it('leaves samples as they are where the numbers stay', () => {
    const data = of(['a'], [{ id: '1', digest: 'x', label: 0 }]);
    expect(renumberLabels(data, ['a', 'b']).samples).toBe(data.samples);
  });
});
