/**
 * TensorFlow.js core's own test suite, op by op: on libtensorflow on the CPU, or on WebGPU.
 *
 *   npm run conformance                        every test passes or stands in exclusions.ts; a stale entry fails
 *   npm run conformance -- --backend webgpu    the same on WebGPU: on the GPU, else on a software driver
 *   npm run conformance -- --stock             libtensorflow with the kernels of tfjs-node alone: figures to compare with
 */
import { openBackend } from '@headstart/backend';
import * as tf from '@tensorflow/tfjs-core';
import { parseArgs } from 'node:util';
import { softwareVulkan } from '../workspace/software-vulkan.ts';
import { ON_LIBTENSORFLOW, ON_WEBGPU, type Exclusion } from './exclusions.ts';
import { closingLine, exclusionOf, judge, type TestResult } from './judge.ts';
import { runSuite, type BackendUnderTest } from './run-suite.ts';
import { rememberStock } from './stock-kernels.ts';
import { refusedByDevice } from './webgpu-failures.ts';

/** An engine with what is expected of it. */
interface Subject {
  readonly title: string;
  readonly backend: BackendUnderTest;
  readonly exclusions: readonly Exclusion[];
  /** The most of the suite that may be listed. */
  readonly largestShare: number;
}

/** The name that tfjs-node's kernels, and so our backend, are registered for. */
const TENSORFLOW = 'tensorflow';

async function libtensorflow(stock: boolean): Promise<Subject> {
  const restoreStock = rememberStock(TENSORFLOW);
  const { details } = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
  if (stock) restoreStock();
  return {
    title: `TensorFlow ${details['tensorflow']}, ${stock ? "tfjs-node's kernels" : 'our kernels'}`,
    backend: { name: TENSORFLOW, isSync: true },
    exclusions: stock ? [] : ON_LIBTENSORFLOW,
    largestShare: 0.005,
  };
}

async function webgpu(): Promise<Subject> {
  Object.assign(process.env, softwareVulkan());
  const { details } = await openBackend({ prefer: 'webgpu' });
  return {
    title: `WebGPU, ${details['adapter']}`,
    // Otherwise small tensors are computed in JavaScript, as long as they have not been on the device.
    backend: {
      name: 'webgpu',
      isSync: false,
      flags: { WEBGPU_CPU_FORWARD: false },
      failures: refusedByDevice(tf.backend()),
    },
    exclusions: ON_WEBGPU,
    largestShare: 0.03,
  };
}

function show({ name, messages }: TestResult): void {
  console.log(`failed  ${name}`);
  for (const message of messages) console.log(`        ${message.split('\n').slice(0, 3).join(' ').slice(0, 300)}`);
}

function parse(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: { backend: { type: 'string', default: 'libtensorflow' }, stock: { type: 'boolean', default: false } },
  });
  const { backend, stock } = values;
  if (backend === 'libtensorflow') return () => libtensorflow(stock);
  if (backend === 'webgpu' && !stock) return webgpu;
  throw new Error('There is no such backend, or it has no stock kernels.');
}

async function main(args: readonly string[]): Promise<number> {
  let open: () => Promise<Subject>;
  try {
    open = parse(args);
  } catch (error) {
    console.error(`${(error as Error).message}\nUsage: npm run conformance [-- --backend webgpu | --stock]`);
    return 2;
  }
  const { title, backend, exclusions, largestShare } = await open();
  console.log(`TensorFlow.js ${tf.version_core} on ${title}`);
  const verdict = judge(await runSuite(backend), exclusions, largestShare);
  verdict.failed.forEach(show);
  for (const exclusion of exclusions) {
    const names = verdict.listed.filter(({ name }) => exclusionOf(name, exclusions) === exclusion);
    for (const { name } of names) console.log(`listed  ${name}`);
    if (names.length > 0) console.log(`        ${exclusion.reason}`);
  }
  for (const complaint of verdict.complaints) console.log(`wrong   ${complaint}`);
  if (verdict.skipped > 0) console.log(`${verdict.skipped} skipped by the suite itself`);
  console.log(closingLine(verdict));
  // The stock kernels are a yardstick: that they fail tests is what is to be seen.
  const isYardstick = exclusions.length === 0;
  return verdict.complaints.length === 0 && (isYardstick || verdict.failed.length === 0) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
