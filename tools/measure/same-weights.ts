/**
 * Whether every built-in strategy gives the weights that it gave at another commit, byte for byte: the same short runs,
 * with the same seed on data drawn for them, by that commit's sources and by the working tree's, each with features of
 * its own. Both run on the packages that are installed here. Where they differ, it lists which tensors do and exits with 1.
 *
 *   npm run measure -- same-weights <git-ref> [only=pictures,texts/lora,…]
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace/root.mjs';
import { checkOut } from './commit-tree.ts';
import { drawData } from './drawn-data.ts';
import { differing, tensorDigests, wholeDigest } from './tensor-digests.ts';
import { headstart, type Tree } from './tree-command.ts';
import { runId, weightRuns, type WeightRun } from './weight-runs.ts';

const SEED = 3;
const VERDICTS = ['identical', 'DIFFERS', 'FAILED'] as const;
type Verdict = (typeof VERDICTS)[number];

const [ref, ...rest] = process.argv.slice(2);
const only = rest[0]?.startsWith('only=') ? rest[0].slice('only='.length).split(',') : undefined;
if (ref === undefined || ref.startsWith('only=') || rest.length > (only ? 1 : 0)) {
  console.error('Usage: npm run measure -- same-weights <git-ref> [only=pictures,texts/lora,…]');
  process.exit(2);
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => stop.abort(new Error(`Stopped by ${signal}: not every run was compared.`)));

const folder = await mkdtemp(join(tmpdir(), 'headstart-same-'));
try {
  const runs = chosen(weightRuns(await drawData(folder)));
  const here: Tree = { name: 'the working tree', folder: workspaceRoot, scratch: await scratch('here') };
  if (!only) await checkCovered(runs, here);
  const there = await checkOut(ref);
  try {
    await compare(runs, { name: ref, folder: there.folder, scratch: await scratch('there') }, here, there.commit);
  } finally {
    await there.remove();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function scratch(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}

/** The runs that `only=` names by their ids or domains. */
function chosen(runs: readonly WeightRun[]): readonly WeightRun[] {
  if (!only) return runs;
  const named = (name: string) => (run: WeightRun) => name === runId(run) || name === run.domain;
  const unknown = only.find((name) => !runs.some(named(name)));
  if (unknown !== undefined)
    throw new Error(
      `only= names "${unknown}", which is not a run. Name a domain or some of ${runs.map(runId).join(', ')}.`,
    );
  return runs.filter((run) => only.some((name) => named(name)(run)));
}

/** @throws Error for a strategy that no run has */
async function checkCovered(runs: readonly WeightRun[], tree: Tree): Promise<void> {
  const strategies = JSON.parse(await headstart(tree, ['strategies', '--json'], stop.signal)) as { id: string }[];
  const missing = strategies.find(({ id }) => !runs.some(({ strategy }) => strategy === id));
  if (missing)
    throw new Error(
      `No run compares the strategy "${missing.id}". Add one to tools/measure/weight-runs.ts, or name runs with only=.`,
    );
}

async function compare(runs: readonly WeightRun[], there: Tree, here: Tree, commit: string): Promise<void> {
  const started = performance.now();
  const counts = new Map<Verdict, number>(VERDICTS.map((verdict) => [verdict, 0]));
  console.log(`Weights at ${there.name} (${commit.slice(0, 12)}) and in the working tree, seed ${SEED}\n`);
  printRow('domain', 'strategy', 'sha256 of the tensors', '', 'seconds');
  for (const run of runs) {
    const began = performance.now();
    const { verdict, digest, notes } = await comparison(run, there, here);
    counts.set(verdict, counts.get(verdict)! + 1);
    printRow(
      run.domain,
      [run.strategy, ...(run.variant ? [run.variant] : [])].join(', '),
      digest,
      verdict,
      seconds(began),
    );
    for (const note of notes) console.log(`  ${note.replaceAll('\n', '\n  ')}`);
  }
  console.log(
    `\n${runs.length} runs: ${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')}; ${seconds(started)} seconds`,
  );
  if (counts.get('identical') !== runs.length) process.exitCode = 1;
}

async function comparison(
  run: WeightRun,
  there: Tree,
  here: Tree,
): Promise<{ verdict: Verdict; digest: string; notes: readonly string[] }> {
  try {
    const [before, now] = [await train(run, there), await train(run, here)];
    const names = differing(before, now);
    const digest = wholeDigest(before);
    if (names.length === 0) return { verdict: 'identical', digest, notes: [] };
    const more = names.length > 3 ? ', …' : '';
    const notes = [
      `in the working tree ${wholeDigest(now)}`,
      `${names.length} of ${new Set([...before.keys(), ...now.keys()]).size} tensors: ${names.slice(0, 3).join(', ')}${more}`,
    ];
    return { verdict: 'DIFFERS', digest, notes };
  } catch (error) {
    if (stop.signal.aborted || !(error instanceof Error)) throw error;
    return { verdict: 'FAILED', digest: '', notes: [error.message] };
  }
}

/** What tells a tree to save every weight, also those that the source has; older ones always do. */
async function savesWhole(tree: Tree): Promise<readonly string[]> {
  const help = await headstart(tree, ['train', '--help'], stop.signal);
  return help.includes('--standalone') ? ['--standalone'] : [];
}

/** The digests of what a run of a tree ends with. */
async function train(run: WeightRun, tree: Tree): Promise<ReadonlyMap<string, string>> {
  const out = join(tree.scratch, 'run');
  try {
    const whole = await savesWhole(tree);
    await headstart(
      tree,
      ['train', ...run.args, ...whole, '--seed', String(SEED), '--out', out, '--json'],
      stop.signal,
    );
    return await tensorDigests(join(out, 'weights.safetensors'));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function printRow(domain: string, strategy: string, digest: string, verdict: string, time: string): void {
  console.log(`${domain.padEnd(11)}${strategy.padEnd(25)}${digest.padEnd(66)}${verdict.padEnd(11)}${time.padStart(7)}`);
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
