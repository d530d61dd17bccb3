import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openBackend } from '@headstart/backend';
import { createHeadstart, type RankedPrediction } from '@headstart/core';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServing, type ServedCommand } from '../tools/workspace/served-command.ts';

/** How far probabilities may be apart for the order in which float32 products of a step are added up. */
const ROUNDING = 1e-6;

const WORDS = 'the sound of this phone was great but its battery broke after one week'.split(' ');
/** 200 texts of 1 to 30 words: of seven lengths in tokens. */
const TEXTS = Array.from({ length: 200 }, (_, i) =>
  Array.from({ length: 1 + ((7 * i) % 30) }, (_, j) => WORDS[(3 * i + 5 * j) % WORDS.length]!).join(' '),
);

let root: string;
let pictures: Buffer<ArrayBuffer>[];
let ofTexts: RankedPrediction[];
let ofPictures: RankedPrediction[];
let texts: ServedCommand;
let images: ServedCommand;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-serve-'));
  const headstart = await createHeadstart({ backend: await openBackend(), plugins: [vision(), nlp()] });
  const text = await headstart.train({
    target: 'sentiment-amazon',
    strategy: 'linear-probe',
    shots: 4,
    epochs: 2,
    split: [90, 0, 10],
    out: join(root, 'text'),
  });
  const image = await headstart.train({
    target: await photos(join(root, 'photos')),
    source: 'small-cnn:28x28x1',
    strategy: 'from-scratch',
    epochs: 1,
    out: join(root, 'image'),
  });
  pictures = await Promise.all([20, 90, 160, 230].map((grey) => photo(grey)));
  const [textModel, imageModel] = [
    await headstart.load<RankedPrediction>(text.model),
    await headstart.load<RankedPrediction>(image.model),
  ];
  [ofTexts, ofPictures] = [await textModel.predict(TEXTS), await imageModel.predict(pictures)];
  for (const model of [textModel, imageModel]) model.dispose();
  await headstart.close();
  [texts, images] = await Promise.all([startServing(text.model), startServing(image.model, '--inference', 'backend')]);
  expect(texts.engine).toMatch(/^onnxruntime \d/);
  expect(images.engine).toBe('libtensorflow');
});
afterAll(async () => {
  for (const server of [texts, images]) server?.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

const photo = (grey: number): Promise<Buffer<ArrayBuffer>> =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: { r: grey, g: grey, b: 255 - grey } } })
    .png()
    .toBuffer();

async function photos(folder: string): Promise<string> {
  for (const [label, base] of [
    ['dark', 20],
    ['light', 180],
  ] as const) {
    await mkdir(join(folder, label), { recursive: true });
    for (let i = 0; i < 6; i++) await writeFile(join(folder, label, `${i}.png`), await photo(base + 5 * i));
  }
  return folder;
}

interface Answer {
  readonly status: number;
  readonly body: { readonly predictions: RankedPrediction[]; readonly error?: { readonly code: string } };
}

/** Asks on connections that are kept alive. */
function ask({ port }: ServedCommand, agent: Agent, type: string, content: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': type };
    const asked = request({ port, path: '/predict', method: 'POST', agent, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode!, body: JSON.parse(body) as Answer['body'] }));
    });
    asked.on('error', reject);
    asked.end(content);
  });
}

function expectSame(found: RankedPrediction, expected: RankedPrediction): void {
  const probabilities = (prediction: RankedPrediction) =>
    new Map(prediction.top.map(({ label, probability }) => [label, probability]));
  const [ours, theirs] = [probabilities(found), probabilities(expected)];
  expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
  for (const [label, probability] of ours)
    expect(Math.abs(probability - theirs.get(label)!)).toBeLessThanOrEqual(ROUNDING);
}

/** A whole PNG of one pixel whose header claims others (PNG specification, 5.3 and 11.2.2). */
async function hugePng(side: number): Promise<Buffer> {
  const bytes = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  bytes.writeUInt32BE(side, 16);
  bytes.writeUInt32BE(side, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

describe('headstart serve', () => {
  it('answers 200 requests at a time as predict does, in fewer steps, and is healthy meanwhile', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 200 });
    const answers = await Promise.all(TEXTS.map((text) => ask(texts, agent, 'text/plain', text)));
    answers.forEach(({ status, body }, i) => {
      expect(status).toBe(200);
      expectSame(body.predictions[0]!, ofTexts[i]!);
    });
    const metrics = await (await fetch(`${texts.url}/metrics`)).text();
    const steps = Number(/^headstart_batch_inputs_count (\d+)$/m.exec(metrics)![1]);
    expect(metrics).toContain('headstart_batch_inputs_sum 200\n');
    expect(steps).toBeLessThan(60);

    let answered = false;
    const all = ask(texts, agent, 'application/json', JSON.stringify({ inputs: TEXTS })).finally(
      () => (answered = true),
    );
    expect(await (await fetch(texts.url)).text()).toMatch(/<title>sentiment-analysis[^]*<script type="module">/);
    const meanwhile = await fetch(`${texts.url}/health`);
    expect([meanwhile.status, answered]).toEqual([200, false]);
    const { body } = await all;
    body.predictions.forEach((prediction, i) => expectSame(prediction, ofTexts[i]!));
    agent.destroy();
  });

  it('answers pictures among which some are none', async () => {
    const agent = new Agent({ keepAlive: true });
    const [first, second, third, fourth] = pictures as [Buffer, Buffer, Buffer, Buffer];
    const bad: [name: string, content: Buffer, what: RegExp][] = [
      ['truncated', first.subarray(0, first.length - 20), /^input 2: it cannot be decoded/],
      ['of claimed size', await hugePng(60_000), /^input 4: it has 60000 x 60000 pixels/],
      ['a text', Buffer.from('no picture'), /^input 6: it cannot be decoded/],
      ['without bytes', Buffer.alloc(0), /^The model was asked about input 8, which has no bytes/],
    ];
    const inputs = [first, second, third, fourth].flatMap((good, i) => [good, bad[i]![1]]);
    const { status, body } = await ask(
      images,
      agent,
      'application/json',
      JSON.stringify({ inputs: inputs.map((input) => ({ base64: input.toString('base64') })) }),
    );
    expect(status).toBe(200);
    body.predictions.forEach((prediction, i) => {
      if (i % 2 === 0) return expectSame(prediction, ofPictures[i / 2]!);
      expect(prediction).toEqual({
        error: {
          code: 'sample-unreadable',
          message: expect.stringMatching(bad[(i - 1) / 2]![2]) as string,
          hint: expect.stringContaining('Send the whole file of a picture') as string,
        },
      });
    });
    // Each by itself, side by side with good ones: neighbours in a step are not harmed.
    const alone = await Promise.all(inputs.slice(0, 7).map((input) => ask(images, agent, 'image/png', input)));
    expect(alone.map((answer) => answer.status)).toEqual([200, 422, 200, 422, 200, 422, 200]);
    expect((await ask(images, agent, 'image/png', Buffer.alloc(0))).status).toBe(400);
    agent.destroy();
  });

  it('loses nothing that it accepted when it is told to end, and exits with 0', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    // Connections that are there already, so that requests are on their way when the signal comes.
    await Promise.all(TEXTS.slice(0, 50).map((text) => ask(texts, agent, 'text/plain', text)));
    const before = TEXTS.slice(0, 50).map((text) => ask(texts, agent, 'text/plain', text));
    const long = ask(texts, agent, 'application/json', JSON.stringify({ inputs: TEXTS }));
    await Promise.race(before);
    texts.kill('SIGTERM');
    const answers = await Promise.all([...before, long]);
    expect(answers.map(({ status }) => status)).toEqual(Array(51).fill(200));
    answers.slice(0, 50).forEach(({ body }, i) => expectSame(body.predictions[0]!, ofTexts[i]!));
    expect(answers[50]!.body.predictions).toHaveLength(200);
    expect([await texts.ended, texts.stderr()]).toEqual([0, expect.stringContaining('Ending: ') as string]);
    expect(texts.stderr()).not.toContain('MaxListenersExceeded');
    agent.destroy();
  });

  it('ends at once when it is told so again', async () => {
    const socket = connect(images.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(
      'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\nhalf',
    );
    await fetch(`${images.url}/health`);
    images.kill('SIGTERM');
    while (!images.stderr().includes('Ending')) await new Promise((resolve) => setTimeout(resolve, 10));
    images.kill('SIGTERM');
    expect(await images.ended).toBe('SIGTERM');
    socket.destroy();
  });
});
