import { expect, it } from 'vitest';
import type { Sample } from '../../domains/target-domain.ts';
import { findMistakes } from './find-mistakes.ts';
import { mistakesPage } from './mistakes-page.ts';

const labels = ['cat', 'dog', 'fox'];
const evidence = {
  labels,
  probabilities: Float32Array.of(0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.9, 0.05, 0.05, 0.3, 0.3, 0.4),
  truth: Int32Array.of(1, 1, 2, 0),
};

it('has the surest of the wrong answers first', () => {
  const found = findMistakes({ kind: 'classification', evidence })!;
  expect(found.map(({ place, truth, prediction }) => [place, truth, prediction])).toEqual([
    [2, 'fox', 'cat'],
    [0, 'dog', 'cat'],
    [3, 'cat', 'fox'],
  ]);
  expect(found[0]!.probability).toBeCloseTo(0.9, 6);
  expect(found[0]!.ofTruth).toBeCloseTo(0.05, 6);
});

it('has the label that is furthest from the truth of samples with several', () => {
  const several = {
    labels,
    probabilities: Float32Array.of(0.9, 0.6, 0.1, 0.8, 0.2, 0.1, 0.4, 0.3, 0.2),
    truth: Uint8Array.of(1, 0, 1, 1, 0, 0, 0, 0, 0),
  };
  expect(findMistakes({ kind: 'multi-label', evidence: several })).toMatchObject([
    { place: 0, truth: 'cat, fox', prediction: 'cat, dog', label: 'fox' },
  ]);
  const strict = { ...several, thresholds: [0.85, 0.7, 0.05] };
  expect(
    findMistakes({ kind: 'multi-label', evidence: strict })!
      .map(({ place }) => place)
      .sort(),
  ).toEqual([1, 2]);
  expect(findMistakes({ kind: 'retrieval', evidence: { ranks: new Int32Array(2) } })).toBeUndefined();
});

it('names the label that a mistake is about where several were predicted', async () => {
  const several = { labels, probabilities: Float32Array.of(0.9, 0.6, 0.1), truth: Uint8Array.of(1, 0, 1) };
  const mistakes = findMistakes({ kind: 'multi-label', evidence: several })!;
  const sample = (place: number): Sample => ({ id: `row ${place}`, digest: `${place}` });
  const page = { title: 'm', judged: 1, mistakes, sample, weigh: async () => undefined };
  const texts = await mistakesPage({ ...page, view: () => ({ texts: ['a text'] }) });
  expect(texts).toMatch(/>label</);
  expect(texts).toMatch(/<td>cat, dog<\/td>\s*<td>fox<\/td>/);
  expect(texts).toContain('the label that the model is most wrong about');
});

it('shows texts with their words marked, whatever is in them', async () => {
  const page = await mistakesPage({
    title: 'm on <d>',
    judged: 4,
    mistakes: findMistakes({ kind: 'classification', evidence })!,
    sample: (place): Sample => ({ id: `row ${place}`, digest: `${place}` }),
    view: ({ id }) => ({ texts: [`<b>not</b> ${id}`] }),
    weigh: async ({ place }) =>
      place === 2
        ? [
            { word: '<b>not</b>', weight: 0.4 },
            { word: ' row', weight: -0.2 },
            { word: ' 2', weight: 0 },
          ]
        : undefined,
  });
  expect(page).toContain('4 samples, 3 mistakes');
  expect(page).toContain('<mark style="--weight: 40%" title="+0.400">&lt;b&gt;not&lt;/b&gt;</mark>');
  expect(page).toContain('<mark class="against" style="--weight: 20%" title="-0.200">row</mark> 2');
  expect(page).toContain('&lt;b&gt;not&lt;/b&gt; row 0');
  expect(page).not.toContain('<b>not</b>');
});
