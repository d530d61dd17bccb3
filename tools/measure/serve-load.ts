/**
 * A text model behind `headstart serve`: 200 requests at a time beside one by one, whether answers are those of
 * `predict`, how long /health takes meanwhile, resident memory over 5,000 requests, and what SIGTERM loses. The client
 * runs beside the server on the same processor.
 *
 *   npm run measure -- serve-load [folder of a trained text model]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openBackend } from '@headstart/backend';
import { createHeadstart, RandomStream } from '@headstart/core';
import nlp, { type TextPrediction } from '@headstart/nlp';
import { startServing, type ServedCommand } from '../workspace/served-command.ts';

const CONCURRENT = 200;
const ROUNDS = 5;
const ONE_BY_ONE = 200;
const MANY = 5_000;

const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT });
const servers: ServedCommand[] = [];

const scratch = await mkdtemp(join(tmpdir(), 'headstart-serve-load-'));
try {
  await measure(process.argv[2]);
} finally {
  for (const server of servers) server.kill('SIGKILL');
  await rm(scratch, { recursive: true });
}

async function measure(given: string | undefined): Promise<void> {
  const texts = someTexts(MANY);
  const { model, predictions } = await predicted(given, texts.slice(0, CONCURRENT));
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, Node ${process.version}`);

  const alone = await started(model, '--batch-window', '0');
  await oneByOne(alone, texts.slice(0, ONE_BY_ONE));
  const slow = await oneByOne(alone, texts.slice(0, ONE_BY_ONE));
  await end(alone);
  console.log(`one by one, without a window: ${slow.toFixed(0)} requests/s`);

  const server = await started(model);
  const windowed = await oneByOne(server, texts.slice(0, ONE_BY_ONE));
  console.log(`one by one, with the window of 5 ms: ${windowed.toFixed(0)} requests/s`);
  await together(server, texts.slice(0, CONCURRENT), CONCURRENT);
  const health = watchHealth(server);
  const since = performance.now();
  let difference = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const answers = await together(server, texts.slice(0, CONCURRENT), CONCURRENT);
    answers.forEach((answer, i) => (difference = Math.max(difference, differenceOf(answer, predictions[i]!))));
  }
  const rate = (1000 * CONCURRENT * ROUNDS) / (performance.now() - since);
  const slowest = await health();
  console.log(
    `${CONCURRENT} at a time: ${rate.toFixed(0)} requests/s, ${(rate / slow).toFixed(1)} times one by one; ` +
      `all ${CONCURRENT * ROUNDS} answered, probabilities within ${difference.toExponential(1)} of predict; ` +
      `/health took ${slowest.toFixed(0)} ms at most`,
  );

  for (let from = 0; from < MANY; from += 500) {
    await together(server, texts.slice(from, from + 500), 50);
    console.log(`  ${from + 500} requests, 50 at a time: ${(await resident(server)).toFixed(0)} MB resident`);
  }

  const inFlight = texts.slice(0, CONCURRENT).map((text) => predict(server, text));
  await setTimeout(50);
  server.kill('SIGTERM');
  const outcomes = await Promise.allSettled(inFlight);
  const lost = outcomes.filter(({ status }) => status === 'rejected').length;
  console.log(`SIGTERM with ${CONCURRENT} in flight: ${lost} lost, exit code ${await server.ended}`);
}

async function started(model: string, ...options: string[]): Promise<ServedCommand> {
  const server = await startServing(model, ...options);
  servers.push(server);
  return server;
}

/** A model, trained where none is given, and what `predict` says of texts. */
async function predicted(
  given: string | undefined,
  texts: readonly string[],
): Promise<{ model: string; predictions: TextPrediction[] }> {
  const headstart = await createHeadstart({ backend: await openBackend(), plugins: [nlp()] });
  const model =
    given ??
    (
      await headstart.train({
        target: 'sentiment-amazon',
        source: 'minilm-l6',
        strategy: 'linear-probe',
        out: join(scratch, 'model'),
      })
    ).model;
  const loaded = await headstart.load<TextPrediction>(model);
  const predictions = await loaded.predict(texts);
  loaded.dispose();
  await headstart.close();
  return { model, predictions };
}

/** Sentences of 3 to 16 words, as reviews have them. */
function someTexts(count: number): string[] {
  const words =
    'the sound of this phone was great but its battery broke after a week and I would not buy it again'.split(' ');
  return Array.from({ length: count }, (_, i) => {
    const random = new RandomStream('serve-load').child(i);
    return Array.from({ length: 3 + random.int(14) }, () => words[random.int(words.length)]!).join(' ');
  });
}

/** @throws Error for any answer but a prediction */
function predict({ port }: ServedCommand, text: string): Promise<TextPrediction> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'text/plain' };
    const asked = request({ port, path: '/predict', method: 'POST', agent, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`${response.statusCode}: ${body}`));
        resolve((JSON.parse(body) as { predictions: TextPrediction[] }).predictions[0]!);
      });
    });
    asked.on('error', reject);
    asked.end(text);
  });
}

/** Requests in a second, each sent when the one before is answered. */
async function oneByOne(server: ServedCommand, texts: readonly string[]): Promise<number> {
  const started = performance.now();
  for (const text of texts) await predict(server, text);
  return (1000 * texts.length) / (performance.now() - started);
}

/** Answers in order, so many requests under way at a time. */
async function together(server: ServedCommand, texts: readonly string[], atATime: number): Promise<TextPrediction[]> {
  const answers: TextPrediction[] = [];
  let next = 0;
  const client = async () => {
    while (next < texts.length) {
      const i = next++;
      answers[i] = await predict(server, texts[i]!);
    }
  };
  await Promise.all(Array.from({ length: atATime }, client));
  return answers;
}

function differenceOf(a: TextPrediction, b: TextPrediction): number {
  const ofLabel = new Map(b.top.map(({ label, probability }) => [label, probability]));
  return Math.max(...a.top.map(({ label, probability }) => Math.abs(probability - ofLabel.get(label)!)));
}

/** Asks for /health again and again. @returns ends that, and gives the longest time that an answer took, in ms */
function watchHealth({ url }: ServedCommand): () => Promise<number> {
  let watching = true;
  const watch = (async () => {
    let longest = 0;
    while (watching) {
      const started = performance.now();
      await (await fetch(`${url}/health`)).text();
      longest = Math.max(longest, performance.now() - started);
      await setTimeout(10);
    }
    return longest;
  })();
  return () => {
    watching = false;
    return watch;
  };
}

/** Resident memory of the server, in MB. */
async function resident({ url }: ServedCommand): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(metrics)![1]) / 2 ** 20;
}

async function end(server: ServedCommand): Promise<void> {
  server.kill('SIGTERM');
  await server.ended;
}
