import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { FakeServedModel } from '../testing/fake-served-model.ts';
import { serveApp } from './app.ts';
import { listen, type Listening } from './listen.ts';
import { ServedModel } from './served-model.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

const PAGE = [
  ['index.html', '<h1>fake-task</h1>'],
  ['predict.js', new TextEncoder().encode('export {};')],
] as const;

interface Served {
  readonly fake: FakeServedModel;
  readonly failures: unknown[];
  readonly listening: Listening;
  /** Sends a request; a body that is a string is a text. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  draining: boolean;
}

async function serving(
  options: Partial<Parameters<typeof serveApp>[1]> & { modality?: string; queue?: number; batchWindow?: number } = {},
): Promise<Served> {
  const { modality, queue = 8, batchWindow = 5, ...rest } = options;
  const fake = new FakeServedModel(modality);
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => void failures.push(error);
  const served = new ServedModel(fake.model, { batchWindow, batchSize: 4, queue, onFailure });
  const state = { draining: false };
  const draining = () => state.draining;
  const app = serveApp(served, { bodyLimit: 1000, timeout: 60_000, page: PAGE, draining, onFailure, ...rest });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  closing.push(listening.close);
  return Object.assign(state, {
    fake,
    failures,
    listening,
    ask: (path: string, init?: RequestInit) => fetch(listening.url + path, init),
  });
}

const text = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'Content-Type': 'text/plain', ...headers },
});
const json = (body: unknown): RequestInit => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'Content-Type': 'application/json' },
});
const predicted = (input: string) => ({
  label: input.length > 4 ? 'long' : 'short',
  length: input.length,
  top: [
    { label: 'long', probability: 0.75 },
    { label: 'short', probability: 0.25 },
  ],
});

/** Lets a step wait until it is told to go on. */
function gated({ fake }: Served): () => void {
  let open = () => {};
  fake.gate = new Promise((resolve) => (open = resolve));
  return open;
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await setImmediate();
}

/** A connection that sends what it is given as it is, and all that has come back. */
async function connection({ listening }: Served): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect(listening.port, '127.0.0.1');
  let all = '';
  socket.on('data', (chunk: Buffer) => (all += chunk.toString()));
  socket.on('error', () => {});
  await once(socket, 'connect');
  return { socket, received: () => all };
}

const rawPredict = (body: string) =>
  `POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('predictions', () => {
  it('come in the order of the inputs, however they are sent', async () => {
    const { ask } = await serving();
    const form = new FormData();
    form.append('a', 'longer');
    form.append('b', new Blob(['file']), 'b.txt');
    for (const [init, inputs] of [
      [text('longer'), ['longer']],
      [text('utf', { 'Content-Type': 'TEXT/PLAIN; charset="UTF-8"' }), ['utf']],
      [text('bytes', { 'Content-Type': 'application/octet-stream' }), ['bytes']],
      [json({ inputs: ['a', 'longer', 'b'] }), ['a', 'longer', 'b']],
      [{ method: 'POST', body: form }, ['longer', 'file']],
    ] as const) {
      const response = await ask('/predict', init);
      expect([response.status, await response.json()]).toEqual([200, { predictions: inputs.map(predicted) }]);
    }
    const top = { predictions: [{ ...predicted('longer'), top: [{ label: 'long', probability: 0.75 }] }] };
    expect(await (await ask('/predict?top=1', text('longer'))).json()).toEqual(top);
    expect(await (await ask('/predict', json({ inputs: ['longer'], top: 1 }))).json()).toEqual(top);
  });

  it('of requests that come together share steps', async () => {
    // A step starts when it is full, and at no other time.
    const served = await serving({ batchWindow: 1e6 });
    const inputs = [...'abcdefgh'];
    const responses = await Promise.all(inputs.map((each) => served.ask('/predict', text(each))));
    expect(responses.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(served.fake.steps.map((step) => step.length)).toEqual([4, 4]);
    expect(served.fake.steps.flat().sort()).toEqual(inputs);
    const metrics = await (await served.ask('/metrics')).text();
    expect(metrics).toContain('headstart_requests_total{path="/predict",method="POST",status="200"} 8\n');
    expect(metrics).toContain('headstart_batch_inputs_sum 8\nheadstart_batch_inputs_count 2\n');
    expect(metrics).toContain('headstart_queue_inputs 0\n');
    expect(metrics).toContain('headstart_predict_seconds_count 8\n');
    expect(metrics).toMatch(/^process_resident_memory_bytes [1-9]\d+$/m);
  });

  it('that fail, fail alone, and tell nothing of the machine', async () => {
    const served = await serving();
    const unreadable = {
      error: { code: 'sample-unreadable', message: 'input 2 cannot be read.', hint: expect.any(String) as string },
    };
    const internal = {
      error: expect.objectContaining({ code: 'internal', message: 'The prediction failed.' }) as object,
    };
    const mixed = await served.ask('/predict', json({ inputs: ['a', 'unreadable', 'broken', 'b'] }));
    expect([mixed.status, await mixed.json()]).toEqual([
      200,
      { predictions: [predicted('a'), unreadable, internal, predicted('b')] },
    ]);
    const bad = await served.ask('/predict', text('unreadable'));
    expect([bad.status, await bad.json()]).toMatchObject([422, { error: { message: 'input 1 cannot be read.' } }]);
    const broken = await served.ask('/predict', text('broken'));
    const said = await broken.text();
    expect([broken.status, said]).toEqual([500, expect.not.stringContaining('secret') as string]);
    expect(served.failures.map(String)).toEqual(Array(2).fill('Error: no such file /secret/folder/weights'));
  });
});

describe('what else is asked', () => {
  it('is the model, health, a page and a description', async () => {
    const served = await serving();
    const card = await served.ask('/model');
    expect(await card.json()).toEqual({
      task: 'fake-task',
      modality: 'text',
      labels: ['long', 'short', 'none'],
      source: { id: 'fake-source', architecture: 'fake@1', licence: 'MIT' },
      strategy: 'linear-probe',
      headstart: '1.2.3',
    });
    expect(await (await served.ask('/health')).json()).toEqual({ status: 'ready' });
    served.draining = true;
    const draining = await served.ask('/health');
    expect([draining.status, await draining.json()]).toEqual([503, { status: 'draining' }]);
    expect(await (await served.ask('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
    const page = await served.ask('/');
    expect([page.headers.get('content-type'), await page.text()]).toEqual([
      expect.stringContaining('text/html'),
      expect.stringContaining('fake-task'),
    ]);
    const script = await served.ask('/predict.js');
    expect([script.headers.get('content-type'), await script.text()]).toEqual([
      'text/javascript; charset=utf-8',
      'export {};',
    ]);
    expect((await served.ask('/predict.js', { method: 'POST' })).status).toBe(405);
    expect((await served.ask('/health', { method: 'HEAD' })).status).toBe(503);
  });

  it.each<[string, string, RequestInit, number, string]>([
    ['an unknown path', '/predictions', {}, 404, 'not-found'],
    ['a path above', '/../../etc/passwd', {}, 404, 'not-found'],
    ['GET for predict', '/predict', {}, 405, 'wrong-method'],
    ['POST for model', '/model', { method: 'POST' }, 405, 'wrong-method'],
    ['OPTIONS, as pages of other origins ask first', '/predict', { method: 'OPTIONS' }, 405, 'wrong-method'],
    ['a picture for a model of texts', '/predict', text('x', { 'Content-Type': 'image/png' }), 415, 'media-type'],
    ['a type that is none', '/predict', text('x', { 'Content-Type': ';;' }), 415, 'media-type'],
    ['another charset', '/predict', text('x', { 'Content-Type': 'text/plain; charset=latin1' }), 415, 'media-type'],
    ['a compressed body', '/predict', text(gzipSync('x'), { 'Content-Encoding': 'gzip' }), 415, 'media-type'],
    ['an empty body', '/predict', text(''), 400, 'invalid-request'],
    ['JSON that ends too soon', '/predict', json('{"inputs":["a"'), 400, 'invalid-request'],
    ['JSON that is no object', '/predict', json('["a"]'), 400, 'invalid-request'],
    ['JSON nested without end', '/predict', json('['.repeat(900)), 400, 'invalid-request'],
    ['no inputs', '/predict', json({ inputs: [] }), 400, 'invalid-request'],
    ['an input that is no text', '/predict', json({ inputs: ['a', 7] }), 400, 'invalid-request'],
    ['a misspelt key', '/predict', json({ inputs: ['a'], tpo: 1 }), 400, 'invalid-request'],
    ['a top below one', '/predict', json({ inputs: ['a'], top: 0 }), 400, 'invalid-request'],
    ['a top in the query that is no number', '/predict?top=all', text('a'), 400, 'invalid-request'],
    ['another key in the query', '/predict?tpo=1', text('a'), 400, 'invalid-request'],
    ['more labels than are ranked', '/predict?top=3', text('a'), 400, 'invalid-option'],
    [
      'a form without an end',
      '/predict',
      text('--x\r\n', { 'Content-Type': 'multipart/form-data; boundary=x' }),
      400,
      'invalid-request',
    ],
    [
      'a form without a boundary',
      '/predict',
      text('x', { 'Content-Type': 'multipart/form-data' }),
      400,
      'invalid-request',
    ],
    ['a body beyond the limit', '/predict', text('x'.repeat(1001)), 413, 'body-too-large'],
    ['more inputs than the queue takes', '/predict', json({ inputs: Array(9).fill('a') }), 413, 'too-many-inputs'],
  ])('is refused with what to do: %s', async (_, path, init, status, code) => {
    const { ask, failures, fake } = await serving();
    const response = await ask(path, init);
    const body = (await response.json()) as { error: Record<string, string> };
    expect([response.status, body]).toEqual([
      status,
      {
        error: {
          code,
          message: expect.stringMatching(/\.$/) as string,
          hint: expect.stringMatching(/[.?]$/) as string,
        },
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/secret|\.ts|node_modules/);
    expect([failures, code === 'invalid-option' || fake.steps.length === 0]).toEqual([[], true]);
    if (status === 405) expect(response.headers.get('allow')).toMatch(/POST|GET, HEAD/);
    expect((await ask('/health')).status).toBe(200);
  });

  it('names the nearest key', async () => {
    const { ask } = await serving();
    const response = await ask('/predict', json({ input: ['a'] }));
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) as string } });
    const misspelt = await ask('/predict', json({ inputs: ['a'], tops: 1 }));
    expect(await misspelt.json()).toMatchObject({ error: { hint: 'Did you mean "top"?' } });
  });

  it('takes no path for a picture, and only Base64 that is whole', async () => {
    const { ask } = await serving({ modality: 'image' });
    const asked = async (input: unknown) => {
      const response = await ask('/predict', json({ inputs: [input] }));
      return [response.status, ((await response.json()) as { error?: { code: string } }).error?.code];
    };
    expect(await asked({ base64: Buffer.from('picture').toString('base64') })).toEqual([200, undefined]);
    expect(await asked('/etc/hostname')).toEqual([400, 'invalid-request']);
    expect(await asked({ path: '/etc/hostname' })).toEqual([400, 'invalid-request']);
    for (const base64 of ['data:image/png;base64,AAAA', 'AAA', 'A', 'AA AA', 'AA*A'])
      expect([base64, ...(await asked({ base64 }))]).toEqual(
        base64 === 'AAA' ? [base64, 200, undefined] : [base64, 400, 'invalid-request'],
      );
    const field = new FormData();
    field.append('a', '/etc/hostname');
    expect((await ask('/predict', { method: 'POST', body: field })).status).toBe(400);
  });

  it('lets pages of the origin ask that was named, and of no other', async () => {
    const { ask } = await serving({ cors: 'https://example.org' });
    const allowed = async (Origin: string) =>
      (await ask('/model', { headers: { Origin } })).headers.get('access-control-allow-origin');
    expect([await allowed('https://example.org'), await allowed('https://example.com')]).toEqual([
      'https://example.org',
      null,
    ]);
    const preflight = await ask('/predict', { method: 'OPTIONS', headers: { Origin: 'https://example.org' } });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET,POST']);
    const closed = await serving();
    expect(
      (await closed.ask('/model', { headers: { Origin: 'https://example.org' } })).headers.has(
        'access-control-allow-origin',
      ),
    ).toBe(false);
  });
});

describe('a busy server', () => {
  it('turns away what its queue does not hold, and what comes after is answered', async () => {
    const served = await serving({ queue: 2 });
    const open = gated(served);
    const first = [served.ask('/predict', text('a')), served.ask('/predict', text('b'))];
    await until(() => served.fake.steps.length === 1);
    const turnedAway = await served.ask('/predict', text('c'));
    expect([turnedAway.status, turnedAway.headers.get('retry-after'), await turnedAway.json()]).toMatchObject([
      429,
      '1',
      { error: { code: 'queue-full' } },
    ]);
    open();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await served.ask('/predict', text('c'))).status).toBe(200);
  });

  it('gives up on what takes too long, and on what waits for clients that have gone', async () => {
    const served = await serving({ timeout: 50 });
    const open = gated(served);
    const late = await served.ask('/predict', text('late'));
    expect([late.status, await late.json()]).toMatchObject([503, { error: { code: 'timeout' } }]);
    const controller = new AbortController();
    const gone = served.ask('/predict', { ...text('gone'), signal: controller.signal });
    await until(() => served.fake.steps.length === 1);
    controller.abort();
    await expect(gone).rejects.toThrow();
    open();
    expect((await served.ask('/predict', text('next'))).status).toBe(200);
    expect(served.fake.steps).toEqual([['late'], ['next']]);
  });

  it('counts no failure of its own where clients go in the middle of a body, and asks nothing for those that went before it began', async () => {
    const served = await serving();
    const halves = await Promise.all([1, 2, 3].map(() => connection(served)));
    for (const { socket } of halves) socket.write(rawPredict('a text').slice(0, -3));
    const counted = async () => (await (await served.ask('/metrics')).text()).split('\n');
    await setTimeout(50);
    for (const { socket } of halves) socket.destroy();
    const refused = 'headstart_requests_total{path="/predict",method="POST",status="400"} 3';
    while (!(await counted()).includes(refused)) await setImmediate();
    const gone = await Promise.all(Array.from({ length: 20 }, () => connection(served)));
    for (const { socket } of gone) {
      socket.write(rawPredict('gone'));
      socket.destroy();
    }
    expect((await served.ask('/predict', text('next'))).status).toBe(200);
    expect(served.fake.steps.flat().filter((input) => input !== 'gone')).toEqual(['next']);
    expect(served.failures).toEqual([]);
  });

  it('answers requests that are sent one behind the other in their order', async () => {
    const served = await serving();
    const { socket, received } = await connection(served);
    socket.write(['a', 'bbbbbb', 'cc'].map(rawPredict).join(''));
    await until(() => received().split('"length"').length === 4);
    expect([...received().matchAll(/"length":(\d+)/g)].map(([, length]) => length)).toEqual(['1', '6', '2']);
    socket.destroy();
  });

  it('is not held up by heads without an end, nor by what is no HTTP', async () => {
    const served = await serving();
    const { socket: slow } = await connection(served);
    slow.write('POST /predict HTTP/1.1\r\nHost: local');
    const { socket: wrong, received } = await connection(served);
    wrong.write('\x16\x03\x01 what\r\n\r\n');
    await once(wrong, 'close');
    expect(received()).toMatch(/^HTTP\/1.1 400 /);
    const { socket: long, received: answer } = await connection(served);
    long.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    await once(long, 'close');
    expect(answer()).toMatch(/^HTTP\/1.1 431 /);
    expect((await served.ask('/predict', text('a'))).status).toBe(200);
    slow.destroy();
  });
});

describe('at the end', () => {
  it('what was accepted is answered, on connections that are kept alive too, and nothing else is accepted', async () => {
    const served = await serving();
    const open = gated(served);
    const running = await connection(served);
    running.socket.write(rawPredict('running') + rawPredict('behind'));
    const half = await connection(served);
    half.socket.write(rawPredict('half').slice(0, -2));
    const idle = await connection(served);
    idle.socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => idle.received().includes('ready') && served.fake.steps.length === 1);
    const closed = served.listening.close();
    closing.pop();
    await until(() => true);
    idle.socket.write(rawPredict('late'));
    half.socket.write('lf');
    await expect(
      (async () => {
        for (;;) (await connection(served)).socket.destroy();
      })(),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^ECONN(REFUSED|RESET)$/) as string });
    open();
    await closed;
    for (const [{ received, socket }, lengths] of [
      [running, ['7', '6']],
      [half, ['4']],
      [idle, ['4']],
    ] as const) {
      expect([...received().matchAll(/"length":(\d+)/g)].map(([, length]) => length)).toEqual(lengths);
      if (!socket.closed) await once(socket, 'close');
    }
    expect(half.received()).toMatch(/connection: close/i);
  });

  it('those are answered whose connection was made and who were not let in yet', async () => {
    const served = await serving({ queue: 100 });
    const sockets = Array.from({ length: 60 }, () => connect(served.listening.port, '127.0.0.1'));
    const answers = sockets.map(async (socket) => {
      let received = '';
      socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
      socket.write(rawPredict('waits'));
      await once(socket, 'close');
      return received;
    });
    // The system has made the connections by then; this process lets them in one by one.
    await once(sockets.at(-1)!, 'connect');
    await Promise.all([served.listening.close(), served.listening.close()]);
    closing.pop();
    for (const answer of await Promise.all(answers)) expect(answer).toContain('"length":5');
  });

  it('says why it cannot listen', async () => {
    const { listening } = await serving();
    const app = serveApp(
      new ServedModel(new FakeServedModel().model, { batchWindow: 5, batchSize: 4, queue: 8, onFailure() {} }),
      {
        bodyLimit: 1000,
        timeout: 1000,
        page: [],
        draining: () => false,
        onFailure() {},
      },
    );
    await expect(listen(app, { host: '127.0.0.1', port: listening.port })).rejects.toMatchObject({
      code: 'invalid-option',
      message: `The server cannot listen on 127.0.0.1, port ${listening.port}: another program uses the port.`,
      hint: expect.stringContaining('--port 0') as string,
    });
    await expect(listen(app, { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
      message: expect.stringContaining('no such address') as string,
    });
  });
});
