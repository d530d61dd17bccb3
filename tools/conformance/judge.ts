import type { Exclusion } from './exclusions.ts';

/** How one test of the suite ended. */
export interface TestResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What did not hold; empty unless it failed. */
  readonly messages: readonly string[];
}

export interface Verdict {
  readonly passed: number;
  /** Failed, and on no list. */
  readonly failed: readonly TestResult[];
  /** Failed, as the list says. */
  readonly listed: readonly TestResult[];
  /** Skipped by the suite itself. */
  readonly skipped: number;
  /** What is wrong with the list or the run, a sentence each. */
  readonly complaints: readonly string[];
}

/** The most of the suite that may be listed. */
const LARGEST_SHARE = 0.005;

/** Fewer tests than any version of the suite has: it was not loaded whole. */
const FEWEST_TESTS = 4000;

/**
 * Holds the suite's results against the list of exclusions. A listed test that no longer fails, or
 * does not exist, is a complaint, and so is a list that is too long or a suite that is not whole.
 */
export function judge(results: readonly TestResult[], exclusions: readonly Exclusion[]): Verdict {
  const excluded = new Set(exclusions.map(({ test }) => test));
  const failures = results.filter(({ status }) => status === 'failed');
  const listed = failures.filter(({ name }) => excluded.has(name));
  const passed = results.filter(({ status }) => status === 'passed').length;
  const run = passed + failures.length;
  const complaints = [...excluded]
    .filter((test) => !listed.some(({ name }) => name === test))
    .map((test) => `"${test}" is listed and does not fail: take it off the list.`);
  if (run < FEWEST_TESTS)
    complaints.push(`Only ${run} tests ran, and the suite has more than ${FEWEST_TESTS}: it was not loaded whole.`);
  if (listed.length > run * LARGEST_SHARE)
    complaints.push(`${listed.length} of ${run} tests are listed, more than ${LARGEST_SHARE * 100} %.`);
  return {
    passed,
    failed: failures.filter(({ name }) => !excluded.has(name)),
    listed,
    skipped: results.filter(({ status }) => status === 'skipped').length,
    complaints,
  };
}

/** The last line of the command. */
export function closingLine({ passed, failed, listed }: Verdict): string {
  return `${passed} passed, ${failed.length} failed, ${listed.length} listed`;
}
