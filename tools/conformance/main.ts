/**
 * TensorFlow.js core's own test suite on libtensorflow, op by op on the CPU.
 *
 *   npm run conformance              every test passes or stands in exclusions.ts; a stale entry fails
 *   npm run conformance -- --stock   the same with the kernels of tfjs-node alone: figures to compare with
 */
import { openBackend } from '@headstart/backend';
import * as tf from '@tensorflow/tfjs-core';
import { exclusions } from './exclusions.ts';
import { closingLine, judge, type TestResult } from './judge.ts';
import { runSuite } from './run-suite.ts';
import { rememberStock } from './stock-kernels.ts';

/** The name that tfjs-node's kernels, and so our backend, are registered for. */
const TENSORFLOW = 'tensorflow';

function show({ name, messages }: TestResult): void {
  console.log(`failed  ${name}`);
  for (const message of messages) console.log(`        ${message.split('\n').slice(0, 3).join(' ').slice(0, 300)}`);
}

async function main(args: readonly string[]): Promise<number> {
  const stock = args[0] === '--stock';
  if (args.length > (stock ? 1 : 0)) {
    console.error('Usage: npm run conformance [-- --stock]');
    return 2;
  }
  const restoreStock = rememberStock(TENSORFLOW);
  const { details } = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
  if (stock) restoreStock();
  console.log(
    `TensorFlow.js ${tf.version_core} on TensorFlow ${details['tensorflow']}, ${stock ? "tfjs-node's kernels" : 'our kernels'}`,
  );
  const verdict = judge(await runSuite(TENSORFLOW), stock ? [] : exclusions);
  verdict.failed.forEach(show);
  for (const { name } of verdict.listed)
    console.log(`listed  ${name}\n        ${exclusions.find(({ test }) => test === name)!.reason}`);
  for (const complaint of verdict.complaints) console.log(`wrong   ${complaint}`);
  if (verdict.skipped > 0) console.log(`${verdict.skipped} skipped by the suite itself`);
  console.log(closingLine(verdict));
  // The stock kernels are a yardstick: that they fail tests is what is to be seen.
  return verdict.complaints.length === 0 && (stock || verdict.failed.length === 0) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
