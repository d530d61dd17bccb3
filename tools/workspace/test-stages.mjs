// What `npm test` runs, in order. Plain JavaScript: it must report even where nothing could be installed.
// @ts-check
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from './root.mjs';
import { sourceArguments, sourceEnvironment } from './source-mode.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/**
 * @typedef {object} Stage
 * @property {string} heading
 * @property {() => Promise<Counts>} run
 */

/**
 * The last line of `npm test`.
 * @param {Counts} counts
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * Sums a vitest JSON report. A file that failed before any of its tests (an import that throws), and
 * a run that ended badly with no failure on record (an unhandled rejection, no test found), count as
 * one failed test each.
 * @param {string} text the report
 * @param {number | null} exitCode vitest's
 * @returns {Counts}
 */
export function countReport(text, exitCode) {
  /** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const report = JSON.parse(text);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map(({ status }) => status);
    const failed = statuses.filter((status) => status === 'failed').length;
    const passed = statuses.filter((status) => status === 'passed').length;
    counts.failed += file.status === 'failed' ? Math.max(failed, 1) : failed;
    counts.passed += passed;
    counts.skipped += statuses.length - failed - passed;
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/**
 * @param {string[]} args for node
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number | null>} the exit code; null where a signal ended it
 */
function node(args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: workspaceRoot, stdio: 'inherit', env });
    child.on('error', reject);
    child.on('exit', resolve);
  });
}

/** A program that counts as one test. @param {string[]} args for node @param {NodeJS.ProcessEnv} [env] */
async function asOneTest(args, env) {
  const code = await node(args, env);
  if (code !== 0) console.error(`Failed: node ${args.join(' ')} ended with ${code ?? 'a signal'}.`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** A TypeScript program on the workspace's sources. @param {...string} args */
const program = (...args) => asOneTest([...sourceArguments, ...args], sourceEnvironment());

/** A file of an installed dependency. @param {...string} path */
const installed = (...path) => join(workspaceRoot, 'node_modules', ...path);

/** @param {string[]} args further arguments for vitest: file filters, -t … */
async function vitest(args) {
  const folder = mkdtempSync(join(tmpdir(), 'headstart-test-'));
  const report = join(folder, 'report.json');
  try {
    const code = await node([
      installed('vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ]);
    return countReport(readFileSync(report, 'utf8'), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every program in examples/ is one test: it must end well. */
async function examples() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const names = readdirSync(join(workspaceRoot, 'examples')).filter((name) => /(?<!\.test|\.d)\.ts$/.test(name));
  for (const name of names.sort()) {
    console.log(`\nexamples/${name}`);
    add(counts, await program(`examples/${name}`));
  }
  return counts;
}

/** @param {Counts} total @param {Counts} more */
function add(total, more) {
  total.passed += more.passed;
  total.failed += more.failed;
  total.skipped += more.skipped;
}

/**
 * @param {string[]} vitestArguments
 * @returns {Stage[]}
 */
function stages(vitestArguments) {
  return [
    { heading: 'Native library, weights and data', run: () => program('tools/provision.ts') },
    { heading: 'Format', run: () => asOneTest([installed('@biomejs', 'biome', 'bin', 'biome'), 'format', '.']) },
    { heading: 'Lint', run: () => asOneTest([installed('eslint', 'bin', 'eslint.js'), '.', '--max-warnings=0']) },
    { heading: 'Types', run: () => asOneTest([installed('typescript', 'bin', 'tsc'), '-b']) },
    { heading: 'Packages as they would be published', run: () => program('tools/build.ts', '--check') },
    { heading: 'Packages from a registry on loopback', run: () => program('tools/registry/main.ts') },
    { heading: 'Unit and integration tests', run: () => vitest(vitestArguments) },
    { heading: 'Examples', run: examples },
  ];
}

/**
 * Runs every stage, also after one has failed; a stage that breaks down counts as one failed test.
 * @param {string[]} vitestArguments
 * @param {Stage[]} [list]
 * @returns {Promise<Counts>}
 */
export async function runStages(vitestArguments, list = stages(vitestArguments)) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { heading, run } of list) {
    console.log(`\n=== ${heading}`);
    try {
      add(total, await run());
    } catch (error) {
      total.failed += 1;
      console.error(`${heading}: ${error instanceof Error ? error.message : error}`);
    }
  }
  console.log('');
  return total;
}
