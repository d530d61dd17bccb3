import { describe, expect, it } from 'vitest';
import { checkLogits, checkLosses, checkVectors } from './equality.ts';
import type { MeasuredWork } from './measure-work.ts';
import { passagesOf } from './prepare-texts.ts';
import { markdown, reached } from './report.ts';
import { summarise } from './statistics.ts';
import type { Work } from './works.ts';

describe('summarise', () => {
  it('gives the middle value, or the mean of the two in the middle, and both ends', () => {
    expect(summarise([3, 1, 10])).toEqual({ median: 3, least: 1, most: 10 });
    expect(summarise([4, 1, 2, 9])).toEqual({ median: 3, least: 1, most: 9 });
    expect(() => summarise([])).toThrow(RangeError);
  });
});

describe('reached', () => {
  it('is the first epoch at 95 % of the final accuracy', () => {
    const history = [0.5, 0.75, 0.77, 0.74, 0.8].map((accuracy, i) => ({ accuracy, milliseconds: 1000 * (i + 1) }));
    expect(reached(history, 0.8)).toEqual({ epoch: 3, seconds: 3 });
    expect(reached(history.slice(0, 2), 0.8)).toBeUndefined();
  });
});

describe('the equality gate', () => {
  it('lets rounding pass and names who computes something else', () => {
    expect(checkLogits('Peer', Float32Array.of(1, -8), Float32Array.of(1.00001, -8))).toBeCloseTo(1e-5, 6);
    expect(() => checkLogits('Peer', Float32Array.of(1, -8), Float32Array.of(1.001, -8))).toThrow(/Peer/);
    expect(() => checkLogits('Peer', Float32Array.of(1), Float32Array.of(1, 2))).toThrow(/Peer/);
    expect(() => checkLogits('Peer', Float32Array.of(1), Float32Array.of(NaN))).toThrow(/Peer/);
  });

  it('holds the first losses to ours tightly and the last one loosely', () => {
    const { first, second, last } = checkLosses('Peer', [2, 1.5, 1], [2.00001, 1.5004, 1.02]);
    expect(first).toBeCloseTo(1e-5, 7);
    expect(second).toBeCloseTo(4e-4, 7);
    expect(last).toBeCloseTo(0.02, 7);
    expect(() => checkLosses('Peer', [2, 1.5, 1], [2.001, 1.5, 1])).toThrow(/Peer.*first/);
    expect(() => checkLosses('Peer', [2, 1.5, 1], [2, 1.51, 1])).toThrow(/Peer.*second/);
    expect(() => checkLosses('Peer', [2, 1.5, 1], [2, 1.5, 1.5])).toThrow(/Peer.*last/);
    expect(() => checkLosses('Peer', [2, 1.5, 1], [2, 1.5, NaN])).toThrow(/Peer/);
    expect(() => checkLosses('Peer', [2, 1.5, 1], [2, 1.5])).toThrow(/Peer/);
    // Four steps at once tell their mean.
    expect(checkLosses('Peer', [2, 1.5, 5, 1, 0.8, 0.6, 0.4], [2, 1.5, 9, 0.7, 0.7, 0.7, 0.7]).last).toBeCloseTo(0, 9);
    expect(() => checkLosses('Peer', [2, 1.5, 1, 0.8, 0.6, 0.4], [2, 1.5, 0.8, 0.8, 0.8, 0.8])).toThrow(/last/);
  });
});

describe('vectors of texts', () => {
  /** Two vectors of length 1: a single 1, and two numbers of `angle`'s cosine and sine. */
  const vectors = (angle: number) =>
    Float32Array.from({ length: 2 * 384 }, (_, i) =>
      i === 0 ? 1 : i === 384 ? Math.cos(angle) : i === 385 ? Math.sin(angle) : 0,
    );

  it('are held to rounding, or to what 8-bit whole numbers leave', () => {
    expect(checkVectors('Peer', vectors(0), vectors(5e-5), 'exact').most).toBeCloseTo(5e-5, 8);
    expect(() => checkVectors('Peer', vectors(0), vectors(0.2), 'exact')).toThrow(/Peer.*text 2/);
    const { most, leastCosine, meanCosine } = checkVectors('Peer', vectors(0), vectors(0.2), 'quantised');
    expect(most).toBeCloseTo(Math.sin(0.2), 6);
    expect(leastCosine).toBeCloseTo(Math.cos(0.2), 6);
    expect(meanCosine).toBeCloseTo((1 + Math.cos(0.2)) / 2, 6);
    expect(() => checkVectors('Peer', vectors(0), vectors(0.5), 'quantised')).toThrow(/least cosine/);
    expect(() => checkVectors('Peer', vectors(0), vectors(NaN), 'quantised')).toThrow(/Peer/);
    expect(() => checkVectors('Peer', vectors(0), Float32Array.of(1), 'exact')).toThrow(/number of values/);
  });
});

describe('passages', () => {
  it('are sentences in a row with words enough, labelled as the first of them', () => {
    const samples = ['a b', 'c', 'd e f g', 'h'].map((text, i) => ({ text, label: i % 2 }));
    expect(passagesOf(samples, 3)).toEqual([
      { text: 'a b c', label: 0 },
      { text: 'd e f g', label: 0 },
    ]);
  });
});

describe('the report', () => {
  const entry = (name: string, library: 'headstart' | 'torch', settings: string[], result: object) => ({
    contestant: { name, library, settings },
    results: [{ peakBytes: 5e8, versions: {}, ...result }],
    finalAccuracy: 0.8,
  });
  const run = {
    date: '2026-01-02',
    command: 'npm run bench:peers',
    machine: {},
    versions: {},
    logits: new Map(),
    works: [],
    jobs: [],
  };
  const report = (kind: Work['kind'], entries: MeasuredWork['entries']) =>
    markdown({
      ...run,
      works: [
        {
          work: {
            id: 'x',
            title: 'Work',
            kind,
            contestants: [],
            task: { warmup: 1, steps: 2, batch: 32, sentences: 100 } as Work['task'],
          },
          rounds: 1,
          entries,
        },
      ],
    });

  it('sets medians beside ours, and says why a contestant is missing', () => {
    const times = (...stepMilliseconds: number[]) => ({ startMilliseconds: 1500, stepMilliseconds });
    const text = report('features', [
      entry('Ours', 'headstart', [], times(10, 20)),
      entry('Ours, op by op', 'headstart', ['eager'], times(30, 30)),
      {
        contestant: { name: 'Compiled', library: 'torch', settings: ['compile'] },
        results: [],
        skipped: 'a trace\nno compiler',
      },
    ]);
    expect(text).toContain('| Ours | 15.0 | 10.0 | 20.0 | 2133.3 | 1.00 | 1.5 to 1.5 | 500 |');
    expect(text).toContain('| Ours, op by op | 30.0 | 30.0 | 30.0 | 1066.7 | 2.00 | 1.5 to 1.5 | 500 |');
    expect(text).toContain('A captured step takes 0.50 of the time');
    expect(text).toContain('Compiled was left out: no compiler');
  });

  it('sets the rate beside the time where texts are encoded, and says how alike vectors are', () => {
    const times = (stepMilliseconds: number) => ({ startMilliseconds: 1500, stepMilliseconds: [stepMilliseconds] });
    const text = report('encode', [
      entry('Ours', 'headstart', [], times(500)),
      {
        ...entry('Int8', 'headstart', ['q8'], times(250)),
        vectors: { most: 0.02, leastCosine: 0.96, meanCosine: 0.99 },
      },
    ]);
    expect(text).toContain('| Ours | 500 | 500 | 500 | 200.0 | 1.00 | 1.5 to 1.5 | 500 |');
    expect(text).toContain('| x | Int8 | 2.0e-2 | 0.9600 | 0.9900 |');
  });

  it('takes the time to 95 % of the final accuracy, also where the process ended there', () => {
    const history = [0.7, 0.78, 0.8].map((accuracy, i) => ({ accuracy, milliseconds: 2000 * (i + 1) }));
    const text = report('probe', [
      entry('Ours', 'headstart', [], { history }),
      entry('Loop', 'torch', [], { history: [{ accuracy: 0.77, milliseconds: 8000 }] }),
    ]);
    expect(text).toContain('| Ours | 4.0 | 2 | 0.8000 | 6.0 | 1.00 | 500 |');
    expect(text).toContain('| Loop | 8.0 | 1 | 0.8000 | – | 2.00 | 500 |');
  });

  it('sets whole jobs side by side, with what they reach', () => {
    const contestant = (name: string) => ({ name, library: 'torch' as const, settings: [] });
    const outcome = (seconds: number, accuracy?: number) => ({ seconds, accuracy, peakBytes: 1e9, versions: {} });
    const text = markdown({
      ...run,
      jobs: [
        {
          job: { id: 'w1', title: 'Job', command: [], contestants: [], task: {} },
          entries: [
            { contestant: contestant('Ours'), outcomes: [outcome(4, 0.5), outcome(6), outcome(5)] },
            { contestant: contestant('Theirs'), outcomes: [{ ...outcome(10), peakBytes: undefined }] },
          ],
        },
      ],
    });
    expect(text).toContain('| (w1) Job | Ours | 5.0 | 4.0 | 6.0 | 1.00 | 0.500 | 1000 |');
    expect(text).toContain('|  | Theirs | 10.0 | 10.0 | 10.0 | 2.00 | – | – |');
    expect(text).not.toContain('That the work is the same');
  });
});
