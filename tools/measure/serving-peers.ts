/**
 * Predictions of one text after another beside transformers.js and onnxruntime-node on the same network, which `headstart export`
 * writes, or of one photograph after another beside onnxruntime-node, where all read and prepare them by Headstart's encoder:
 * latency (median and the slowest in a hundred) and throughput with 1, 8 and 64 callers, each of whom asks again as soon as they
 * have their answer. Each contestant has a process of its own, in turns, for some rounds; answers are compared first. Headstart
 * computes on its backend and by onnxruntime. onnxruntime-node is taken as it comes, and with those who wait gathered into batches
 * by hand.
 *
 *   npm run measure -- serving-peers [rounds=3] [seconds=4] [callers=1,8,64] [of=texts or pictures]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createHeadstart } from '@headstart/core';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';
import { asking, contestantsOf, KINDS, type Ask, type Folders, type Kind } from './serving-contestants.ts';

interface Measured {
  /** In milliseconds. */
  readonly median: number;
  readonly slowest: number;
  readonly perSecond: number;
}

/** Probabilities of one text are no further apart. */
const TOLERANCE = 1e-3;
const COMPARED = 40;

async function measure(ask: Ask<number>, callers: number, seconds: number): Promise<Measured> {
  let asked = 0;
  const took: number[] = [];
  const callFor = async (time: number) => {
    const end = performance.now() + 1000 * time;
    while (performance.now() < end) {
      const begin = performance.now();
      await ask(asked++);
      took.push(performance.now() - begin);
    }
  };
  const together = (time: number) => Promise.all(Array.from({ length: callers }, () => callFor(time)));
  await together(seconds / 2);
  took.length = 0;
  const begin = performance.now();
  await together(seconds);
  const elapsed = (performance.now() - begin) / 1000;
  took.sort((a, b) => a - b);
  const quantile = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))]!;
  return { median: quantile(0.5), slowest: quantile(0.99), perSecond: took.length / elapsed };
}

/** What a contestant's process does: its answers, then what is measured for each number of callers, as a line of JSON. */
async function contest(
  kind: Kind,
  name: string,
  folders: Folders,
  callers: readonly number[],
  seconds: number,
): Promise<void> {
  const ask = await asking(kind, name, folders);
  const answers: number[] = [];
  for (let i = 0; i < COMPARED; i++) answers.push(await ask(i));
  const measured: Measured[] = [];
  for (const count of callers) measured.push(await measure(ask, count, seconds));
  await new Promise<void>((written) =>
    process.stdout.write(`${JSON.stringify({ answers, measured })}\n`, () => written()),
  );
  process.exit(0);
}

async function inProcess(...args: string[]): Promise<{ answers: number[]; measured: Measured[] }> {
  const child = spawn(process.execPath, [...sourceArguments, import.meta.filename, ...args], {
    env: sourceEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${args[2]} ended with ${code}: ${said}`);
  return JSON.parse(said.trim().split('\n').at(-1)!) as { answers: number[]; measured: Measured[] };
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function compare(kind: Kind, rounds: number, callers: readonly number[], seconds: number): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'headstart-serving-'));
  try {
    console.log(
      `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, Node ${process.version}`,
    );
    const system = await createHeadstart({ backend: await openBackend(), plugins: [nlp(), vision()] });
    const model = join(scratch, 'model');
    const target = kind === 'texts' ? 'sentiment-amazon' : 'emoji-google';
    await system.train({ target, strategy: 'linear-probe', epochs: 30, out: model });
    const onnx = join(scratch, 'onnx');
    const trained = await system.load(model);
    await trained.export('onnx', onnx);
    trained.dispose();
    await system.close();
    const found = new Map<string, Measured[][]>(contestantsOf(kind).map((name) => [name, []]));
    let expected: number[] | undefined;
    for (let round = 0; round < rounds; round++)
      for (const name of found.keys()) {
        const { answers, measured } = await inProcess(
          'contestant',
          kind,
          name,
          model,
          onnx,
          callers.join(','),
          String(seconds),
        );
        expected ??= answers;
        const apart = Math.max(...answers.map((answer, i) => Math.abs(answer - expected![i]!)));
        if (!(apart <= TOLERANCE)) throw new Error(`${name} answers otherwise: ${apart} apart.`);
        found.get(name)!.push(measured);
      }
    for (const [at, count] of callers.entries()) {
      console.log(`\n${count} ${count === 1 ? 'caller' : 'callers'}, medians of ${rounds} rounds of ${seconds} s`);
      for (const [name, measured] of found) {
        const of = (what: keyof Measured) => middle(measured.map((each) => each[at]![what]));
        const cells = [
          `p50 ${of('median').toFixed(1)} ms`,
          `p99 ${of('slowest').toFixed(1)} ms`,
          `${of('perSecond').toFixed(0)} a second`,
        ];
        console.log(`  ${name.padEnd(28)}${cells.map((cell) => cell.padStart(16)).join('')}`);
      }
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'contestant') {
  const [kind, name, model, onnx, callers, seconds] = rest as [Kind, string, string, string, string, string];
  await contest(kind, name, { model, onnx }, callers.split(',').map(Number), Number(seconds));
} else {
  const options = new Map([what, ...rest].filter(Boolean).map((word) => word!.split('=', 2) as [string, string]));
  const kind = KINDS.find((each) => each === (options.get('of') ?? 'texts'));
  if (!kind) throw new Error(`of=${options.get('of')} is none of ${KINDS.join(', ')}.`);
  await compare(
    kind,
    Number(options.get('rounds') ?? 3),
    (options.get('callers') ?? '1,8,64').split(',').map(Number),
    Number(options.get('seconds') ?? 4),
  );
}
