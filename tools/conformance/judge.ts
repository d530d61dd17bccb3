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

/** Fewer tests than any version of the suite has: it was not loaded whole. */
const FEWEST_TESTS = 4000;

/**
 * Holds the suite's results against the list of exclusions. A listed test that no longer fails, or
 * does not exist, is a complaint, and so is a list that is too long or a suite that is not whole.
 *
 * @param largestShare the most of the suite that may be listed
 */
export function judge(results: readonly TestResult[], exclusions: readonly Exclusion[], largestShare: number): Verdict {
  const failures = results.filter(({ status }) => status === 'failed');
  const listed = failures.filter(({ name }) => exclusionOf(name, exclusions));
  const passed = results.filter(({ status }) => status === 'passed').length;
  const run = passed + failures.length;
  const complaints = exclusions
    .filter((exclusion) => !listed.some(({ name }) => holds(exclusion, name)))
    .map(({ test }) => `"${String(test)}" is listed and does not fail: take it off the list.`);
  if (run < FEWEST_TESTS)
    complaints.push(`Only ${run} tests ran, and the suite has more than ${FEWEST_TESTS}: it was not loaded whole.`);
  if (listed.length > run * largestShare)
    complaints.push(`${listed.length} of ${run} tests are listed, more than ${largestShare * 100} %.`);
  return {
    passed,
    failed: failures.filter(({ name }) => !exclusionOf(name, exclusions)),
    listed,
    skipped: results.filter(({ status }) => status === 'skipped').length,
    complaints,
  };
}

/** What lets a test fail, if anything. */
export function exclusionOf(name: string, exclusions: readonly Exclusion[]): Exclusion | undefined {
  return exclusions.find((exclusion) => holds(exclusion, name));
}

function holds({ test }: Exclusion, name: string): boolean {
  return typeof test === 'string' ? test === name : test.test(name);
}

/** The last line of the command. */
export function closingLine({ passed, failed, listed }: Verdict): string {
  return `${passed} passed, ${failed.length} failed, ${listed.length} listed`;
}
