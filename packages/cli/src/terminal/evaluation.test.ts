import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { Console } from './console.ts';
import { printEvaluation } from './evaluation.ts';

function printed(details: Record<string, unknown>): string {
  let text = '';
  const out = new Writable({ write: (chunk: Buffer, _, done) => ((text += chunk.toString()), done()) });
  printEvaluation(new Console(out, out, {}), {
    metrics: { values: { AP: 0.5 }, details },
    samples: 2,
    split: 'all',
    skipped: [],
  });
  return text;
}

const classes = Array.from({ length: 30 }, (_, i) => ({
  label: `class ${i}`,
  objects: i === 7 ? 2 : 0,
  ...(i === 7 && { AP: 0.5 }),
}));

it('lists classes that samples show or that were taken for one, however many others there are', () => {
  const labels = [...classes.map(({ label }) => label), 'background'];
  const counts = labels.map((_, i) =>
    labels.map((_, j) => (i === 7 && j === 7 ? 1 : i === 7 && j === 12 ? 1 : i === 30 && j === 12 ? 3 : 0)),
  );
  const text = printed({ perClass: classes, confusionMatrix: counts, confusionLabels: labels });
  expect(text).toMatch(/class 7 +2 +0\.500\nand 29 classes of which these samples show nothing\n/);
  // Rows of the two classes and the background, columns likewise.
  expect(text).toMatch(/1 class 7 +1 +1 +·\n2 class 12 +· +· +·\n3 background +· +3 +·\n$/);
  expect(text).not.toContain('class 8');
});

it('lists every class where samples show each, and of one that was only predicted', () => {
  const text = printed({
    perClass: [
      { label: 'cat', support: 2, f1: 0.5 },
      { label: 'dog', support: 0, f1: 0 },
    ],
    confusionMatrix: [
      [1, 1],
      [0, 0],
    ],
  });
  expect(text).toMatch(/cat +2 +0\.500\ndog +0 +0\.000\n\n/);
  expect(text).toMatch(/1 cat +1 +1\n2 dog +· +·\n$/);
  const taken = { support: 0, predicted: 1, precision: 0, recall: 0, f1: 0 };
  const rows = [
    { label: 'cat', support: 2, predicted: 1, precision: 1, recall: 0.5, f1: 2 / 3 },
    { label: 'dog', ...taken },
    { label: 'cow', ...taken, predicted: 0 },
  ];
  expect(printed({ perClass: rows })).toMatch(
    /dog +0 +1 +0\.000 +- +0\.000\nand 1 class of which these samples show nothing\n/,
  );
  const confusions = Array.from({ length: 20 }, (_, i) => ({ truth: `t${i}`, predicted: `p${i}`, count: 20 - i }));
  const pairs = printed({ perClass: [], confusions });
  expect(pairs).toContain('   20  t0 taken for p0');
  expect(pairs).toContain('    6  t14 taken for p14');
  expect(pairs).not.toContain('t15');
  expect(printed({ perClass: [], confusionMatrix: [] })).not.toContain('confusion');
});
