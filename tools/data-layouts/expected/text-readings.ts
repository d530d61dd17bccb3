import { either, read, refused, type Acceptable, type Expectation, type ExpectedReading } from '../expectation.ts';

type Reading = Omit<ExpectedReading, 'kind'>;

/** Twenty texts, ten a class. */
export const texts = (reading: Reading = {}) =>
  read({
    task: 'text-classification',
    labels: ['bad', 'good'],
    samples: 20,
    example: /love this phone.*=> good/is,
    ...reading,
  });
export const ok = (...accept: Acceptable[]): Expectation => either(texts(), ...accept);
export const labelled = (bad: string, good: string, reading: Reading = {}) =>
  texts({ labels: [bad, good].toSorted(), example: new RegExp(`love this phone.*=> ${good}$`, 'is'), ...reading });
export const severalLabels = (labels: readonly string[], reading: Reading = {}) =>
  texts({ task: 'multi-label-classification', labels, example: undefined, ...reading });
export const unlabelled = (line: number, ...more: RegExp[]) =>
  refused(new RegExp(`line ${line}\\b|row ${line}\\b|:${line}\\b`), /label/, /missing-labels/, ...more);

/** A word for a missing label, in two of twenty rows: a class of that name with a warning, or no label. */
export const missing = (word: string): Expectation => {
  const spelt = new RegExp(word.replace(/[?/]/g, '\\$&'));
  return either(
    texts({ labels: undefined, said: [/missing-labels|missing|no label/, spelt] }),
    texts({ samples: 18, unlabelled: 2 }),
    refused(spelt, /missing/),
    unlabelled(6),
  );
};
