import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';
import type { Sample } from './target-domain.ts';

const a: Sample = { id: 'a', digest: '1', label: 0 };
const b: Sample = { id: 'b', digest: '2' };
const box = { label: 0, box: [1, 2, 3, 4] };
const splits = { train: [a], validation: [], test: [b] };

describe('fingerprintOf', () => {
  it('is the SHA-256 of labels and samples, split by split', () => {
    const text = '["x","y"]\ntrain\n["a","1",0]\nvalidation\n\ntest\n["b","2",null]';
    expect(fingerprintOf(['x', 'y'], splits)).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('changes with where an object lies', () => {
    const moved = { ...box, box: [1, 2, 3, 5] };
    const of = (objects: Sample['objects']) => fingerprintOf(['x', 'y'], { ...splits, test: [{ ...b, objects }] });
    expect(of([moved])).not.toBe(of([box]));
    expect(of([{ ...box, label: 1 }])).not.toBe(of([box]));
  });

  it.each([
    ['labels', ['y', 'x'], splits],
    ['an id', ['x', 'y'], { ...splits, train: [{ ...a, id: 'c' }] }],
    ['a content', ['x', 'y'], { ...splits, train: [{ ...a, digest: '3' }] }],
    ['a label', ['x', 'y'], { ...splits, train: [{ ...a, label: 1 }] }],
    ['several labels', ['x', 'y'], { ...splits, test: [{ ...b, labels: [0] }] }],
    ['no label of several', ['x', 'y'], { ...splits, test: [{ ...b, labels: [] }] }],
    ['a score', ['x', 'y'], { ...splits, test: [{ ...b, score: 0 }] }],
    ['an object', ['x', 'y'], { ...splits, test: [{ ...b, objects: [box] }] }],
    ['no object', ['x', 'y'], { ...splits, test: [{ ...b, objects: [] }] }],
    ['the split of a sample', ['x', 'y'], { train: [a], validation: [b], test: [] }],
    ['the order', ['x', 'y'], { train: [b, a], validation: [], test: [] }],
  ])('changes with %s', (_what, labels, changed) => {
    const others = [
      fingerprintOf(['x', 'y'], splits),
      fingerprintOf(['x', 'y'], { train: [a, b], validation: [], test: [] }),
    ];
    expect(others).not.toContain(fingerprintOf(labels, changed));
  });
});
