/**
 * Predictions of one text after another beside transformers.js and onnxruntime-node on the same network, which `headstart export` writes, or
 * of one photograph after another beside onnxruntime-node, where all read and prepare them by Headstart's encoder: latency (median and the slowest in a hundred) and throughput with 1, 8 and 64 callers, each of whom asks again as soon as they have
 * their answer. Each contestant has a process of its own, in turns, for some rounds; answers are compared first. Headstart computes on
 * its backend and by onnxruntime. onnxruntime-node is taken as it comes, and with those who wait gathered into batches by hand.
 *
 *   npm run measure -- serving-peers [rounds=3] [seconds=4] [callers=1,8,64] [of=texts or pictures]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createArtifacts, createHeadstart, type RankedPrediction } from '@headstart/core';
import nlp, { loadTransformers } from '@headstart/nlp';
import vision from '@headstart/vision';
import sharp from 'sharp';
import { photographs } from '../workspace/photographs.ts';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';

/** Gives the probability of one label of texts, and the greatest of a picture's. */
type Ask<Input = string> = (input: Input) => Promise<number>;
type Contestant<Input = string> = (folders: Folders) => Promise<Ask<Input>>;

interface Folders {
  readonly model: string;
  readonly onnx: string;
}

interface Measured {
  /** In milliseconds. */
  readonly median: number;
  readonly slowest: number;
  readonly perSecond: number;
}

const LABEL = 'negative';
/** Probabilities of one text are no further apart. */
const TOLERANCE = 1e-3;
const COMPARED = 40;
const MOST_TOGETHER = 32;

/** Headstart, whose predictions the backend computes, or onnxruntime. */
const headstart =
  (inference: 'backend' | 'onnxruntime'): Contestant<string | Uint8Array> =>
  async ({ model }) => {
    const system = await createHeadstart({ backend: await openBackend(), plugins: [nlp(), vision()] });
    const loaded = await system.load<RankedPrediction>(model, { inference });
    return async (input) => {
      const [{ top }] = (await loaded.predict([input])) as [RankedPrediction];
      return (top.find(({ label }) => label === LABEL) ?? top[0]!).probability;
    };
  };

const transformers: Contestant = async ({ onnx }) => {
  const { module } = await loadTransformers(['@huggingface/transformers']);
  module.env.allowRemoteModels = false;
  module.env.localModelPath = `${dirname(onnx)}/`;
  const { pipeline } = module as unknown as {
    pipeline: (
      task: string,
      model: string,
      options: object,
    ) => Promise<(text: string, options: object) => Promise<never>>;
  };
  const classify = await pipeline('text-classification', basename(onnx), { dtype: 'fp32' });
  return async (text) => {
    const said: { label: string; score: number }[] = await classify(text, { top_k: null });
    return said.find(({ label }) => label === LABEL)!.score;
  };
};

interface Session {
  readonly outputNames: readonly string[];
  run(inputs: Record<string, unknown>): Promise<Record<string, { data: Float32Array; dims: readonly number[] }>>;
}

/** Of some texts the probability of the first label, in one run of the network. */
async function onnxruntime({ onnx }: Folders): Promise<(texts: string[]) => Promise<number[]>> {
  const [{ module }, { InferenceSession, Tensor }] = await Promise.all([
    loadTransformers(['@huggingface/transformers']),
    import('onnxruntime-node') as Promise<{
      InferenceSession: { create(path: string): Promise<Session> };
      Tensor: new (type: string, data: BigInt64Array, dims: readonly number[]) => unknown;
    }>,
  ]);
  module.env.allowRemoteModels = false;
  module.env.localModelPath = `${dirname(onnx)}/`;
  const { AutoTokenizer, AutoConfig } = module as unknown as {
    AutoTokenizer: {
      from_pretrained(
        name: string,
      ): Promise<
        (texts: string[], options: object) => Record<string, { data: BigInt64Array; dims: readonly number[] }>
      >;
    };
    AutoConfig: { from_pretrained(name: string): Promise<{ id2label: Record<string, string> }> };
  };
  const tokenize = await AutoTokenizer.from_pretrained(basename(onnx));
  const { id2label } = await AutoConfig.from_pretrained(basename(onnx));
  const place = Number(Object.entries(id2label).find(([, label]) => label === LABEL)![0]);
  const session = await InferenceSession.create(join(onnx, 'onnx', 'model.onnx'));
  return async (texts) => {
    const encoded = tokenize(texts, { padding: true, truncation: true });
    const inputs = Object.fromEntries(
      Object.entries(encoded).map(([name, { data, dims }]) => [name, new Tensor('int64', data, dims)]),
    );
    return probabilities((await session.run(inputs))[session.outputNames[0]!]!, place);
  };
}

function probabilities({ data, dims }: { data: Float32Array; dims: readonly number[] }, place?: number): number[] {
  const [rows, classes] = dims as [number, number];
  return Array.from({ length: rows }, (_, i) => {
    const exponents = Array.from(data.subarray(i * classes, (i + 1) * classes), Math.exp);
    return (
      (place === undefined ? Math.max(...exponents) : exponents[place]!) /
      exponents.reduce((sum, each) => sum + each, 0)
    );
  });
}

/** Of some photographs, prepared by Headstart's encoder, the greatest probability, in one run of the network. */
async function onnxruntimeOfPictures({ model, onnx }: Folders): Promise<(pictures: Uint8Array[]) => Promise<number[]>> {
  const { InferenceSession, Tensor } = (await import('onnxruntime-node')) as never as {
    InferenceSession: { create(path: string): Promise<Session> };
    Tensor: new (type: string, data: Float32Array, dims: readonly number[]) => unknown;
  };
  const system = await createHeadstart({ backend: await openBackend(), plugins: [nlp(), vision()] });
  const encoder = await system.load(model);
  const session = await InferenceSession.create(join(onnx, 'model.onnx'));
  return async (pictures) => {
    const encoded = await Promise.all(
      pictures.map(async (picture) => (await encoder.prepare(picture)).encoded['image']!),
    );
    const all = new Float32Array(encoded.length * encoded[0]!.length);
    encoded.forEach((values, i) => all.set(values, i * values.length));
    const side = Math.sqrt(encoded[0]!.length / 3);
    const inputs = { image: new Tensor('float32', all, [encoded.length, side, side, 3]) };
    return probabilities((await session.run(inputs))['logits']!);
  };
}

type Classify<Input> = (folders: Folders) => Promise<(inputs: Input[]) => Promise<number[]>>;

const alone =
  <Input>(open: Classify<Input>): Contestant<Input> =>
  async (folders) => {
    const classify = await open(folders);
    return async (input) => (await classify([input]))[0]!;
  };

/** What an expert adds: those who ask while the network runs wait, and are answered together. */
const gathered =
  <Input>(open: Classify<Input>): Contestant<Input> =>
  async (folders) => {
    const classify = await open(folders);
    let waiting: { input: Input; answer: (probability: number) => void; fail: (why: unknown) => void }[] = [];
    let running = false;
    const work = async () => {
      running = true;
      while (waiting.length > 0) {
        const together = waiting.slice(0, MOST_TOGETHER);
        waiting = waiting.slice(MOST_TOGETHER);
        try {
          const answers = await classify(together.map(({ input }) => input));
          together.forEach(({ answer }, i) => answer(answers[i]!));
        } catch (why) {
          for (const { fail } of together) fail(why);
        }
      }
      running = false;
    };
    return (input) =>
      new Promise((answer, fail) => {
        waiting.push({ input, answer, fail });
        if (!running) setImmediate(() => void (running || work()));
      });
  };

const OURS = { headstart: headstart('backend'), 'headstart, onnxruntime': headstart('onnxruntime') };

const ofTexts: Readonly<Record<string, Contestant>> = {
  ...OURS,
  'transformers.js': transformers,
  'onnxruntime-node': alone(onnxruntime),
  'onnxruntime-node, gathered': gathered(onnxruntime),
};
const ofPictures: Readonly<Record<string, Contestant<Uint8Array>>> = {
  ...OURS,
  'onnxruntime-node': alone(onnxruntimeOfPictures),
  'onnxruntime-node, gathered': gathered(onnxruntimeOfPictures),
};

/** What is asked about. */
const KINDS = ['texts', 'pictures'] as const;
type Kind = (typeof KINDS)[number];

/** Asks a contestant by the number of the question. */
async function asking(kind: Kind, name: string, folders: Folders): Promise<Ask<number>> {
  if (kind === 'texts') {
    const ask = await ofTexts[name]!(folders);
    return (i) => ask(textOf(i));
  }
  const [ask, pictures] = await Promise.all([ofPictures[name]!(folders), photographBytes()]);
  return (i) => ask(pictures[i % pictures.length]!);
}

/** Photographs as a camera or a page has them, 640 by 480. */
async function photographBytes(): Promise<Uint8Array[]> {
  const files = await photographs(createArtifacts());
  return Promise.all(files.map((file) => sharp(file).resize(640, 480, { fit: 'fill' }).jpeg().toBuffer()));
}

/** Texts of 2 to 30 words, no two alike in a row. */
function textOf(i: number): string {
  const words = 'the sound of this phone was great but its battery broke after a week'.split(' ');
  return Array.from({ length: 2 + ((7 * i) % 29) }, (_, j) => words[(3 * i + 5 * j) % words.length]!).join(' ');
}

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
    const found = new Map<string, Measured[][]>(
      Object.keys(kind === 'texts' ? ofTexts : ofPictures).map((name) => [name, []]),
    );
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
