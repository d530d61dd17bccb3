import { describe, expect, it } from 'vitest';
import { checkFreeLabels, type LabelSource } from './free-labels.ts';

const source: LabelSource = {
  path: 'reviews.csv',
  table: { columns: ['1', '2'], header: false, separator: ',' },
  column: 1,
  chosen: 'guessed',
};

/** A sample for each label by name. */
function read(names: readonly string[]) {
  const labels = [...new Set(names)];
  return {
    labels,
    samples: names.map((name, i) => ({ sample: { id: `${i}`, label: labels.indexOf(name) } as never })),
  };
}

const times = (count: number, name: (i: number) => string) => Array.from({ length: count }, (_, i) => name(i));

describe('checkFreeLabels', () => {
  it.each([20, 60, 300, 500])('refuses the rest of %i sentences behind their comma', (count) => {
    const sentences = read(times(count, (i) => `and the tea was cold on day ${i}.`));
    expect(() => checkFreeLabels(sentences, source)).toThrow(
      expect.objectContaining({
        code: 'label-invalid',
        message: expect.stringContaining(`the column "2" has ${count} different values in ${count} rows`) as string,
        hint: expect.stringMatching(/label-column=2;.*"," belongs to the texts/) as string,
      }) as Error,
    );
  });

  it('refuses single words that end sentences, also where they come back', () => {
    const ends = read(times(200, (i) => `word${i % 25}.`));
    expect(() => checkFreeLabels(ends, source)).toThrow('25 different values in 200 rows');
    expect(checkFreeLabels(ends, { ...source, table: { ...source.table, header: true } })).toEqual([]);
  });

  it('warns of texts in a column that is called label, and of nothing that was asked for', () => {
    const texts = read(times(30, (i) => `what number ${i} felt`));
    expect(checkFreeLabels(texts, { ...source, chosen: 'named' })).toMatchObject([{ code: 'free-text-labels' }]);
    expect(checkFreeLabels(texts, { ...source, chosen: 'asked' })).toEqual([]);
  });

  it.each([
    ['few samples', times(5, (i) => `class ${i}`)],
    ['many classes that come back', times(300, (i) => `golden ${i % 100}`)],
    ['a small table of many classes in a word each', times(20, (i) => `c${i % 14}`)],
  ])('says nothing of %s', (_what, names) => {
    expect(checkFreeLabels(read(names), source)).toEqual([]);
  });
});
