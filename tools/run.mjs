// The entry of the scripts in package.json. It runs before node_modules exists, so it and what it
// imports at the top use nothing but Node itself.
// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { installDependencies } from './workspace/install.mjs';
import { workspaceRoot } from './workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from './workspace/source-mode.mjs';

const usage = `Usage: node tools/run.mjs <command> [arguments]
  demo        transfers to small real data sets, of pictures and of texts, beside baselines; objects found
  test        everything that has to pass: lint, types, packages, unit and integration tests
  headstart   the command itself, from the workspace's sources
  build       publishable packages in packages/*/dist
  versions    write the version of each package.json into the package's version.ts
  registry    the packages published on loopback, installed, and tried; --all with every client and Node, --plugins with other people's plugins
  release     the next release: --dry-run prints versions and changelog
  notices     write THIRD-PARTY-NOTICES.md from the lock file
  provision   fetch what the tests need: the native library, weights and data
  draw-run    the picture of a transfer beside its baseline, and of others, from the models' folders
  floors      the folders of core and what they import of one another
  entries     the names that each entry of core exports, and those without a doc comment
  manifests   write into each package of ours that is a plugin what it brings
  docs        the documentation as a site, in docs/.vitepress/dist
  conformance TensorFlow.js core's own test suite on libtensorflow, or on WebGPU
  fuzz        hostile inputs for everything that reads files: --minutes, --inputs, --seed, --only <family>
  bench-peers Headstart beside PyTorch and Keras on the same work, into benchmarks/
  measure     a measurement by name: adaptation, adaptation-scenes, answers, bench-kills, bench-queue, bench-tamper, budgets, choosing, coco-memory, data-layouts, declarations, detection-variants, domains, e5, emoji-table, false-verdicts, flips, growth, help-cost, imbalance, inspect-memory, install-size, keep-classes, keep-classifier-classes, kill-resume, memory, node-versions, report-size, same-weights, scenes-table, serve-load, serving-gaps, stacked-seeds, text-memory, tracking, transferability, webgpu, write-features
`;

/** @type {Record<string, string>} TypeScript programs by the command that starts them. */
const programs = {
  demo: 'tools/demo.ts',
  headstart: 'packages/cli/src/main.ts',
  build: 'tools/build.ts',
  registry: 'tools/registry/main.ts',
  release: 'tools/release.ts',
  versions: 'tools/versions.ts',
  notices: 'tools/third-party-notices.ts',
  provision: 'tools/provision.ts',
  'draw-run': 'tools/draw-run.ts',
  fuzz: 'tools/fuzz/main.ts',
  floors: 'tools/floors.ts',
  entries: 'tools/entries.ts',
  manifests: 'tools/manifests.ts',
  'bench-peers': 'tools/peers/main.ts',
  docs: 'tools/docs-site.ts',
  conformance: 'tools/conformance/main.ts',
};

/** The lowest version that runs the workspace, as in package.json's "engines". */
const lowestNode = [20, 19];

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [lowestMajor = 0, lowestMinor = 0] = lowestNode;
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return;
  throw new Error(
    `Headstart needs Node ${lowestNode.join('.')} or newer and this is Node ${process.versions.node}. ` +
      'Install a current release of Node, then run the command again.',
  );
}

/** `npm run` moves to the root; paths on the command line belong to the folder it was called in. */
function callersFolder() {
  return (process.env['npm_lifecycle_event'] === 'headstart' && process.env['INIT_CWD']) || process.cwd();
}

/**
 * Runs a TypeScript program on the workspace's sources with this terminal.
 * @param {string} program path relative to the workspace root
 * @param {string[]} args
 * @returns {Promise<number>} its exit code
 */
function runProgram(program, args) {
  const child = spawn(process.execPath, [...sourceArguments, join(workspaceRoot, program), ...args], {
    stdio: 'inherit',
    env: sourceEnvironment(),
    cwd: callersFolder(),
  });
  // Ctrl-C reaches the whole group: the program decides how to stop, and this process waits for it.
  const wait = () => {};
  const passOn = () => child.kill('SIGTERM');
  process.on('SIGINT', wait);
  process.on('SIGTERM', passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** @param {string[]} args */
async function runTests(args) {
  const { closingLine, runStages } = await import('./workspace/test-stages.mjs');
  /** @type {import('./workspace/test-stages.mjs').Counts} */
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    await prepare();
    counts = await runStages(args);
  } catch (error) {
    counts.failed += 1;
    console.error(error instanceof Error ? error.message : error);
  }
  console.log(closingLine(counts));
  return counts.failed === 0 ? 0 : 1;
}

async function prepare() {
  requireNode();
  await installDependencies();
}

// How quiet npm was asked to be about this script is no wish about the npm clients that it starts: what
// they say on failing has to be seen.
delete process.env['npm_config_loglevel'];

const [command = '', ...args] = process.argv.slice(2);
const measurement =
  command === 'measure' && /^[a-z\d-]+$/.test(args[0] ?? '') ? `tools/measure/${args.shift()}.ts` : undefined;
const program = Object.hasOwn(programs, command) ? programs[command] : measurement;
if (command === 'test') {
  process.exitCode = await runTests(args);
} else if (program === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  try {
    await prepare();
    process.exitCode = await runProgram(program, args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
