/**
 * Whether the event loop stays free while a model trains and predicts: training by a probe and whole, of texts and of pictures; 200
 * concurrent predictions with ten broken inputs, by calls of the library and by requests to `headstart serve`; long texts;
 * embeddings. Prints the errors, the answers that are not those of their inputs, the longest gap of the loop and how many were
 * longer than so many milliseconds, each when shapes are first met and then again.
 *
 *   npm run measure -- serving-gaps [folder of a trained text model] [folder of a trained model of pictures]
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openBackend } from '@headstart/backend';
import { createHeadstart, type Headstart, type LoadedModel, type RankedPrediction } from '@headstart/core';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import { startServing } from '../workspace/served-command.ts';
import { drawData } from './drawn-data.ts';
import { watchingLoop } from './loop-gaps.ts';

const CALLS = 200;
const BROKEN = 10;
/** Two probabilities of one input, predicted in steps of different sizes, are no further apart. */
const ROUNDING = 1e-4;

type Model = LoadedModel<RankedPrediction>;

/** What is asked, and what is predicted of it alone; broken inputs have no prediction. */
interface Question {
  readonly input: Uint8Array;
  readonly alone?: RankedPrediction;
}

const scratch = await mkdtemp(join(tmpdir(), 'headstart-gaps-'));
try {
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, Node ${process.version}`);
  const headstart = await createHeadstart({ backend: await openBackend(), plugins: [nlp(), vision()] });
  const [textFolder, pictureFolder] = [
    process.argv[2] ?? (await trained(headstart, 'sentiment-amazon', 'texts')),
    process.argv[3] ?? (await trained(headstart, (await drawData(scratch)).pictures, 'pictures')),
  ];
  const texts = await headstart.load<RankedPrediction>(textFolder);
  const pictures = await headstart.load<RankedPrediction>(pictureFolder);
  const asked = {
    texts: await questions(texts, someTexts(), Uint8Array.of(0xe9, 0x21)),
    pictures: await questions(pictures, await somePictures(), Uint8Array.of(0x89, 0x50, 0x4e, 0x47)),
  };
  // Loaded anew, they have met no shape.
  texts.dispose();
  pictures.dispose();
  await ofCalls('texts', await headstart.load(textFolder), asked.texts);
  await ofCalls('pictures', await headstart.load(pictureFolder), asked.pictures);
  await ofLongTexts(await headstart.load(textFolder));
  await headstart.close();
  await ofRequests('texts', textFolder, asked.texts);
  await ofRequests('pictures', pictureFolder, asked.pictures);
} finally {
  await rm(scratch, { recursive: true });
}

/** A model by a probe, after the network was trained whole as well. */
async function trained(headstart: Headstart, target: string, name: string): Promise<string> {
  const train = async (strategy: string, epochs: number) => {
    const request = { target, strategy, epochs, shots: 8, out: join(scratch, `${name}-${strategy}`) };
    const { took, result } = await watched(() => headstart.train(request));
    console.log(`training of ${name}, ${strategy}: ${took}`);
    return result.model;
  };
  await train('fine-tune', 4);
  return train('linear-probe', 10);
}

function someTexts(): Uint8Array[] {
  const words = 'the sound of this phone was great but its battery broke after a week'.split(' ');
  return Array.from({ length: CALLS }, (_, i) =>
    Buffer.from(Array.from({ length: 2 + ((7 * i) % 29) }, (_, j) => words[(3 * i + 5 * j) % words.length]!).join(' ')),
  );
}

async function somePictures(): Promise<Uint8Array[]> {
  const { pictures } = await drawData(join(scratch, 'asked'), 20);
  const entries = await readdir(pictures, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))),
  );
  return Array.from({ length: CALLS }, (_, i) => files[i % files.length]!);
}

async function questions(model: Model, inputs: readonly Uint8Array[], broken: Uint8Array): Promise<Question[]> {
  const alone = await model.predict(inputs);
  const every = CALLS / BROKEN;
  return inputs.map((input, i) => (i % every === 7 ? { input: broken } : { input, alone: alone[i]! }));
}

async function ofCalls(what: string, model: Model, asked: readonly Question[]): Promise<void> {
  for (const time of ['first', 'again']) {
    const { took, result } = await watched(() =>
      Promise.allSettled(asked.map(async ({ input }) => (await model.predict([input]))[0]!)),
    );
    const answers = result.map((each) => (each.status === 'fulfilled' ? each.value : undefined));
    console.log(`${CALLS} calls of predict, ${what}, ${time}: ${verdict(asked, answers)}, ${took}`);
  }
  const inputs = asked.flatMap(({ input, alone }) => (alone ? [input] : []));
  for (const time of ['first', 'again']) {
    const { took } = await watched(() => Promise.all(inputs.map((input) => model.embed([input]))));
    console.log(`${inputs.length} calls of embed, ${what}, ${time}: ${took}`);
  }
  model.dispose();
}

async function ofLongTexts(model: Model): Promise<void> {
  const long = 'the sound of this phone was great but its battery broke after a week and '.repeat(40);
  for (const time of ['first', 'again']) {
    const { took } = await watched(() => model.predict(Array.from({ length: 128 }, (_, i) => `${i} ${long}`)));
    console.log(`one call of 128 long texts, ${time}: ${took}`);
  }
  model.dispose();
}

async function ofRequests(what: string, folder: string, asked: readonly Question[]): Promise<void> {
  const server = await startServing(folder);
  const gapOf = async () => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    return (1000 * Number(/^nodejs_eventloop_lag_max_seconds (.+)$/m.exec(metrics)![1])).toFixed(0);
  };
  try {
    for (const time of ['first', 'again']) {
      await setTimeout(200);
      await gapOf();
      const answers = await Promise.all(asked.map(({ input }) => request(server.url, input)));
      console.log(
        `${CALLS} requests to serve, ${what}, ${time}: ${verdict(asked, answers)}, longest gap ${await gapOf()} ms`,
      );
    }
  } finally {
    server.kill('SIGTERM');
    await server.ended;
  }
}

/** @returns undefined where the input is said to be unreadable */
async function request(url: string, input: Uint8Array): Promise<RankedPrediction | undefined> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  const response = await fetch(`${url}/predict`, { method: 'POST', headers, body: Buffer.from(input) });
  const body = (await response.json()) as { predictions: RankedPrediction[] };
  if (response.status !== 200 && response.status !== 422) throw new Error(`${response.status} ${JSON.stringify(body)}`);
  return response.status === 200 ? body.predictions[0] : undefined;
}

function verdict(asked: readonly Question[], answers: readonly (RankedPrediction | undefined)[]): string {
  const errors = answers.filter((answer) => answer === undefined).length;
  const wrong = asked.filter(({ alone }, i) => !isAnswer(alone, answers[i])).length;
  return `${errors} errors of ${BROKEN} broken inputs, ${wrong} answers of another input`;
}

function isAnswer(alone: RankedPrediction | undefined, answer: RankedPrediction | undefined): boolean {
  if (!alone || !answer) return alone === answer;
  const probabilities = new Map(answer.top.map(({ label, probability }) => [label, probability]));
  return alone.top.every(
    ({ label, probability }) => Math.abs(probability - (probabilities.get(label) ?? 0)) < ROUNDING,
  );
}

/** Work, and how long it took with the longest gap of the event loop. */
async function watched<T>(work: () => Promise<T>): Promise<{ took: string; result: T }> {
  const { gaps, seconds, result } = await watchingLoop(work);
  const took = `${seconds.toFixed(1)} s, longest gap ${gaps.longest.toFixed(0)} ms, ${gaps.working.toFixed(0)} ms without waiting for a processor, ${Object.entries(
    gaps.beyond,
  )
    .map(([bound, count]) => `${count} above ${bound}`)
    .join(', ')}`;
  return { took, result };
}
