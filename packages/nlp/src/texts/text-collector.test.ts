import { RandomStream } from '@headstart/core';
import { describe, expect, it } from 'vitest';
import { TextCollector, type FoundText } from './text-collector.ts';
import { textDigest } from './text-digest.ts';

const random = new RandomStream('collector');
const found: FoundText[] = Array.from({ length: 700 }, (_, i) => ({
  line: i + 2,
  text: `${i} ${random.pick(['é', '字', '😀', '\u0000'])}${'x'.repeat(random.int(400))}`,
  pair: i % 3 === 0 ? 'the other '.repeat(random.int(3)) : undefined,
  label: i % 4 === 0 ? random.pick(['b', 'a', 'c']) : undefined,
  labels: i % 4 === 1 ? ['c', 'a'].slice(0, random.int(3)) : undefined,
  score: i % 4 === 2 ? i / 7 : undefined,
  split: i % 5 === 0 ? 'test' : undefined,
  id: i % 50 === 0 ? `own/${i}` : undefined,
}));

describe('TextCollector', () => {
  // In memory, on disk from the first text, and from somewhere on.
  it.each([2 ** 23, 0, 50_000])('gives back what it was given, with %d bytes in memory', (inMemory) => {
    const collector = new TextCollector('t.csv', inMemory);
    for (const each of found) collector.add(each);
    const { labels, samples } = collector.finish();
    expect(labels).toEqual(['a', 'b', 'c']);
    expect(samples).toHaveLength(found.length);
    for (const i of random.permutation(found.length)) {
      const { sample, split } = samples[i]!;
      const { id, line, text, pair, label, labels: several, score, split: expected } = found[i]!;
      expect([sample.id, sample.text, sample.pair, sample.digest, sample.score, split]).toEqual([
        id ?? `t.csv:${line}`,
        text,
        pair,
        textDigest(text, pair),
        score,
        expected,
      ]);
      expect(sample.label === undefined ? undefined : labels[sample.label]).toBe(label);
      expect(sample.labels?.map((index) => labels[index])).toEqual(several?.toSorted());
    }
  });

  it('takes a text that is larger than any buffer', () => {
    const collector = new TextCollector('t', 1000);
    const long = 'é'.repeat(200_000);
    for (const text of ['a', long, 'b']) collector.add({ line: 1, text });
    expect(collector.finish().samples.map(({ sample }) => sample.text)).toEqual(['a', long, 'b']);
  });
});
