import { describe, expect, it } from 'vitest';
import { ON_LIBTENSORFLOW, ON_WEBGPU } from './exclusions.ts';
import { closingLine, judge, type TestResult } from './judge.ts';

const result = (name: string, status: TestResult['status']): TestResult => ({
  name,
  status,
  messages: status === 'failed' ? ['no'] : [],
});
const suite = (...others: TestResult[]) => [
  ...Array.from({ length: 4300 }, (_, i) => result(`test ${i}`, 'passed')),
  ...others,
];
const SHARE = 0.005;
const listed = (...tests: string[]) => tests.map((test) => ({ test, reason: 'because' }));

describe('judging a run of the suite', () => {
  it('parts failures into those that are listed and the others', () => {
    const verdict = judge(
      suite(result('a', 'failed'), result('b', 'failed'), result('c', 'skipped')),
      listed('b'),
      SHARE,
    );
    expect(verdict.failed.map(({ name }) => name)).toEqual(['a']);
    expect(verdict).toMatchObject({ passed: 4300, skipped: 1, complaints: [] });
    expect(closingLine(verdict)).toBe('4300 passed, 1 failed, 1 listed');
  });

  it('complains about a listed test that passes, is skipped or does not exist', () => {
    const { complaints } = judge(suite(result('b', 'skipped')), listed('test 5', 'b', 'gone'), SHARE);
    expect(complaints).toEqual(
      ['test 5', 'b', 'gone'].map((test) => `"${test}" is listed and does not fail: take it off the list.`),
    );
  });

  it('complains about a suite that was not loaded whole', () => {
    expect(judge([result('a', 'passed')], [], SHARE).complaints).toEqual([
      expect.stringContaining('Only 1 tests ran') as string,
    ]);
  });

  it('complains about a list of 0.5 % and more', () => {
    const names = Array.from({ length: 22 }, (_, i) => `listed ${i}`);
    const { complaints } = judge(suite(...names.map((name) => result(name, 'failed'))), listed(...names), SHARE);
    expect(complaints).toEqual(['22 of 4322 tests are listed, more than 0.5 %.']);
  });

  it('takes a pattern for all tests that it fits, and complains where none of them fails', () => {
    const groups = [
      { test: /^ragged/, reason: 'Because.' },
      { test: /^sparse/, reason: 'Because.' },
    ];
    const verdict = judge(suite(result('ragged a', 'failed'), result('ragged b', 'failed')), groups, SHARE);
    expect(verdict.listed.map(({ name }) => name)).toEqual(['ragged a', 'ragged b']);
    expect(verdict.complaints).toEqual(['"/^sparse/" is listed and does not fail: take it off the list.']);
  });
});

it.each([[ON_LIBTENSORFLOW], [ON_WEBGPU]])('each exclusion stands once and has a reason', (exclusions) => {
  expect(new Set(exclusions.map(({ test }) => String(test))).size).toBe(exclusions.length);
  for (const { reason } of exclusions) expect(reason).toMatch(/^[A-Z].*\.$/);
});
