import { describe, expect, it, vi } from 'vitest';
import { closingLine, countReport, runStages } from './test-stages.mjs';

const report = (...files: [status: string, ...tests: string[]][]) =>
  JSON.stringify({
    testResults: files.map(([status, ...tests]) => ({
      status,
      assertionResults: tests.map((test) => ({ status: test })),
    })),
  });

describe('closingLine', () => {
  it('mentions skipped tests only where there are any', () => {
    expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(closingLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});

describe('countReport', () => {
  it('sums the files', () => {
    const text = report(['passed', 'passed', 'passed', 'pending'], ['failed', 'passed', 'failed', 'todo', 'skipped']);
    expect(countReport(text, 1)).toEqual({ passed: 3, failed: 1, skipped: 3 });
  });

  it('counts a file that broke before its tests', () => {
    expect(countReport(report(['failed'], ['passed', 'passed']), 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('counts a file that broke after its tests had passed', () => {
    expect(countReport(report(['failed', 'passed']), 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('counts a bad ending that no test accounts for', () => {
    expect(countReport(report(['passed', 'passed']), 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(countReport(report(), null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countReport(report(['passed', 'passed']), 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });
});

describe('runStages', () => {
  it('goes on after a stage that fails or breaks down, and counts both', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    try {
      const ran: string[] = [];
      const stage = (heading: string, run: () => Promise<{ passed: number; failed: number; skipped: number }>) => ({
        heading,
        run: () => (ran.push(heading), run()),
      });
      const counts = await runStages(
        [],
        [
          stage('one', async () => ({ passed: 0, failed: 1, skipped: 0 })),
          stage('two', () => Promise.reject(new Error('no such program'))),
          stage('three', async () => ({ passed: 5, failed: 0, skipped: 1 })),
        ],
      );
      expect(ran).toEqual(['one', 'two', 'three']);
      expect(counts).toEqual({ passed: 5, failed: 2, skipped: 1 });
      expect(error).toHaveBeenCalledWith('two: no such program');
    } finally {
      log.mockRestore();
      error.mockRestore();
    }
  });
});
