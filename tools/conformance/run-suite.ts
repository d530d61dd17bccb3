import { createRequire } from 'node:module';
import { RandomStream } from '@headstart/core';
import type { TestResult } from './judge.ts';

const require = createRequire(import.meta.url);

/** What of jasmine is used here; the package has no types of its own. */
interface Spec {
  readonly fullName: string;
  readonly status: string;
  readonly failedExpectations: readonly { readonly message: string }[];
}
interface Jasmine {
  DEFAULT_TIMEOUT_INTERVAL: number;
  getEnv(): {
    afterEach(work: () => Promise<void>): void;
    configure(settings: { random: boolean }): void;
    addReporter(reporter: { specDone(spec: Spec): void; suiteDone(suite: Spec): void }): void;
    execute(): Promise<{
      overallStatus: string;
      incompleteReason?: string;
      failedExpectations: Spec['failedExpectations'];
    }>;
  };
}

const ENVIRONMENT = 'backend';

/** The backend that the suite runs on. */
export interface BackendUnderTest {
  /** As registered with TensorFlow.js. */
  readonly name: string;
  /** Gives values at once. */
  readonly isSync: boolean;
  /** Flags of TensorFlow.js to set. */
  readonly flags?: Readonly<Record<string, boolean>>;
  /** What went wrong since it was last asked, where a backend tells of that after the fact. */
  readonly failures?: () => Promise<readonly string[]>;
}

/**
 * Runs the test suite that comes with TensorFlow.js core on a backend that is registered with it.
 *
 * The suite is written against core's modules. Its tests take their ops from the build that the
 * backend uses (the one for Node), and share its engine, kernels and environment, which are global.
 */
export async function runSuite(backend: BackendUnderTest): Promise<TestResult[]> {
  const jasmine = (require('jasmine-core') as { boot(): Jasmine }).boot();
  const env = jasmine.getEnv();
  const { failures, flags = {} } = backend;
  const environment = ` ${ENVIRONMENT} ${JSON.stringify(flags)}`;
  if (failures)
    env.afterEach(async () => {
      for (const failure of await failures()) (globalThis as unknown as { fail(message: string): void }).fail(failure);
    });
  loadSuite(backend);
  jasmine.DEFAULT_TIMEOUT_INTERVAL = 20_000;
  env.configure({ random: false });
  const results: TestResult[] = [];
  const add = (name: string, failures: Spec['failedExpectations'], status: TestResult['status']) =>
    results.push({
      name: name.replace(environment, ''),
      status,
      messages: failures.map(({ message }) => message),
    });
  env.addReporter({
    specDone: ({ fullName, failedExpectations, status }) =>
      add(fullName, failedExpectations, status === 'passed' || status === 'failed' ? status : 'skipped'),
    // What fails before or after all tests of a group belongs to none of them.
    suiteDone({ fullName, failedExpectations }) {
      if (failedExpectations.length > 0) add(`${fullName}, before or after its tests`, failedExpectations, 'failed');
    },
  });
  const ended = await withoutChance(() => withoutOutput(() => env.execute()));
  if (ended.failedExpectations.length > 0)
    add('the suite, before or after its tests', ended.failedExpectations, 'failed');
  if (ended.overallStatus === 'incomplete')
    throw new Error(`The suite did not run to its end: ${ended.incompleteReason ?? 'no reason given'}.`);
  return results;
}

function loadSuite({ name, isSync, flags = {} }: BackendUnderTest): void {
  const core = require.resolve('@tensorflow/tfjs-core');
  require(core);
  // The tests import ops from the entry of another build of core; that name answers with this one.
  require.cache[require.resolve('@tensorflow/tfjs-core/dist/index.js')] = require.cache[core];
  const { setTestEnvs } = require('@tensorflow/tfjs-core/dist/jasmine_util.js') as {
    setTestEnvs: (envs: readonly object[]) => void;
  };
  setTestEnvs([{ name: ENVIRONMENT, backendName: name, flags, isDataSync: isSync }]);
  require('@tensorflow/tfjs-core/dist/tests.js');
}

/** Some tests draw at random and expect a mean: one sequence for every run. */
async function withoutChance<T>(work: () => Promise<T>): Promise<T> {
  const { random } = Math;
  const stream = new RandomStream('conformance');
  Math.random = () => stream.next();
  try {
    return await work();
  } finally {
    Math.random = random;
  }
}

/** Tests of the debug mode print what they measure. */
async function withoutOutput<T>(work: () => Promise<T>): Promise<T> {
  const before = { ...console };
  console.log = console.warn = () => {};
  try {
    return await work();
  } finally {
    Object.assign(console, before);
  }
}
