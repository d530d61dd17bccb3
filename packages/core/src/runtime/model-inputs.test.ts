import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { ModelInput } from '../domains/model-input.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';
import type { Headstart, LoadedModel } from './headstart.ts';

let root: string;
let headstart: Headstart;
let model: LoadedModel<string>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-inputs-'));
  headstart = await createHeadstart({
    backend: await plainBackend(),
    plugins: [pointPlugin()],
    cacheRoot: join(root, 'cache'),
  });
  const { model: folder } = await headstart.train({
    target: 'points',
    epochs: 12,
    batchSize: 8,
    learningRate: 0.02,
    seed: 3,
    out: join(root, 'run'),
  });
  model = await headstart.load<string>(folder);
});
afterAll(async () => {
  model.dispose();
  await rm(root, { recursive: true });
});

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a model is asked', () => {
  it('by a string, by bytes of any kind, and by the URL of a file, in any order', async () => {
    const path = join(root, 'point.txt');
    await writeFile(path, '3,-1');
    const inside = bytes('x-3,-1x');
    const inputs: ModelInput[] = [
      '0,3',
      bytes('3,-1'),
      bytes('-3,-1').buffer,
      Buffer.from('0,3'),
      pathToFileURL(path),
      // A view of a part of its memory stands for that part.
      inside.subarray(1, 6),
    ];
    const texts = ['0,3', '3,-1', '-3,-1', '0,3', '3,-1', '-3,-1'];
    const expected = await model.predict(texts);
    expect(new Set(expected).size).toBe(3);
    expect(await model.predict(inputs)).toEqual(expected);
    expect(await model.predict(inputs, { batchSize: 1 })).toEqual(expected);
    expect(await model.embed(inputs)).toEqual(await model.embed(texts));
    expect(await headstart.embed('point-net', inputs)).toEqual(await headstart.embed('point-net', texts));
    expect(await model.predict([])).toEqual([]);
  });

  it('one by one, and answers in one step what was prepared', async () => {
    const texts = ['0,3', '3,-1', '-3,-1', '0,3'];
    const before = headstart.backend.memory().tensors;
    const prepared = await Promise.all(
      [texts[0]!, bytes(texts[1]!), texts[2]!, texts[3]!].map((each) => model.prepare(each)),
    );
    expect(await model.predictPrepared(prepared)).toEqual(await model.predict(texts));
    expect(await model.predictPrepared([])).toEqual([]);
    expect(headstart.backend.memory().tensors).toBe(before);
    await expect(model.prepare(Uint8Array.of(0xe9), 'input 7')).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: 'input 7 is not text in UTF-8.',
    });
    await expect(model.prepare(7 as never)).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it('and names what it cannot read by its place', async () => {
    const latin1 = Uint8Array.of(0x63, 0x61, 0x66, 0xe9);
    await expect(model.predict(['0,3', '3,-1', latin1])).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: expect.stringMatching(/^input 3 is/) as string,
    });
    await expect(model.embed(['0,3', latin1])).rejects.toMatchObject({
      message: expect.stringMatching(/^input 2 is/) as string,
    });
    const gone = pathToFileURL(join(root, 'gone.txt'));
    await expect(model.predict([gone])).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: expect.stringContaining(join(root, 'gone.txt')) as string,
    });
    await expect(model.predict([new URL('https://example.org/a.txt')])).rejects.toMatchObject({
      code: 'invalid-option',
      message:
        'https://example.org/a.txt is an address on the network, which predictions read only where the call allows it.',
    });
    const wrongs: readonly (readonly [wrong: unknown, what: string, code?: string])[] = [
      [7, 'of type number'],
      [null, 'null'],
      [undefined, 'undefined'],
      [{}, 'of type object'],
      [[], 'a list'],
      [true, 'of type boolean'],
      [new Float32Array(2), 'of type Float32Array'],
      [new Date(0), 'of type Date'],
      ['', 'an empty string', 'sample-unreadable'],
      [' \n', 'blank', 'sample-unreadable'],
      [new Uint8Array(), 'has no bytes', 'sample-unreadable'],
    ];
    for (const [wrong, what, code = 'invalid-option'] of wrongs) {
      const refused = { code, message: expect.stringMatching(`about input 2, which (is )?${what}\\.$`) as string };
      await expect(model.predict(['0,3', wrong as never])).rejects.toMatchObject(refused);
      await expect(model.embed(['0,3', wrong as never])).rejects.toMatchObject(refused);
      expect(await model.predictEach(['0,3', wrong as never, '3,-1'])).toEqual([
        { prediction: expect.anything() as unknown },
        { error: expect.objectContaining(refused) as unknown },
        { prediction: expect.anything() as unknown },
      ]);
    }
    const notLists: readonly unknown[] = ['0,3', bytes('0,3'), null, undefined, 7, {}, new Set(['0,3'])];
    for (const wrong of notLists) {
      const refused = { code: 'invalid-option', message: expect.stringContaining('takes a list of inputs') as string };
      await expect(model.predict(wrong as never)).rejects.toMatchObject(refused);
      await expect(model.predictEach(wrong as never)).rejects.toMatchObject(refused);
      await expect(model.embed(wrong as never)).rejects.toMatchObject(refused);
      await expect(headstart.embed('point-net', wrong as never)).rejects.toMatchObject(refused);
    }
  });

  it('by data: URLs, and by addresses on the network where the call allows it', async () => {
    const [expected] = await model.predict(['3,-1']);
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/point' ? 200 : 404).end(request.url === '/empty' ? '' : '3,-1');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const at = (path: string) => new URL(path, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const inputs = [new URL('data:,3,-1'), new URL('data:text/plain;base64,Myw='), at('/point'), at('/gone')];
      inputs[1] = new URL(`data:text/plain;base64,${Buffer.from('3,-1').toString('base64')}`);
      expect(await model.predict(inputs.slice(0, 3), { allowHttp: true })).toEqual([expected, expected, expected]);
      const bad = [new URL('data:;base64,%%'), at('/gone'), new URL('ftp://127.0.0.1/a'), new URL('data:,')];
      expect(await model.predictEach(bad, { allowHttp: true })).toEqual(
        bad.map(() => ({ error: expect.objectContaining({ code: 'sample-unreadable' }) as unknown })),
      );
    } finally {
      server.close();
    }
  });

  it.each([-1, 0, 1.5, Number.NaN, '8', null, Infinity])(
    'in batches of whole numbers of inputs, not of %s',
    async (wrong) => {
      const batchSize = wrong as number;
      const shown = typeof wrong === 'string' ? `"${wrong}"` : String(wrong);
      const refused = { code: 'invalid-option', message: expect.stringContaining(`cannot be ${shown}`) as string };
      await expect(model.predict(['0,3', '3,-1'], { batchSize })).rejects.toMatchObject(refused);
      await expect(model.embed(['0,3', '3,-1'], { batchSize })).rejects.toMatchObject(refused);
      await expect(headstart.embed('point-net', ['0,3'], { batchSize })).rejects.toMatchObject(refused);
      await expect(model.evaluate('points', { batchSize })).rejects.toMatchObject(refused);
      await expect(model.predictTarget('points', { batchSize }).next()).rejects.toMatchObject(refused);
    },
  );

  it('with options that there are, of the kind that they are of', async () => {
    const calls: readonly (readonly [options: unknown, message: string, call: (options: never) => Promise<unknown>])[] =
      [
        [{ batchsize: 3 }, 'no option "batchsize"', (options) => model.predict(['0,3'], options)],
        [{ top: 0 }, 'no option "top"', (options) => model.predict(['0,3'], options)],
        [7, 'cannot be 7', (options) => model.predict(['0,3'], options)],
        [null, 'cannot be null', (options) => model.predictEach(['0,3'], options)],
        [{ allowHttp: 'yes' }, 'cannot be "yes"', (options) => model.embed(['0,3'], options)],
        [{ split: 'tset' }, 'cannot be "tset"', (options) => model.evaluate('points', options)],
        [{ pages: ['all'] }, 'cannot be ["all"]', (options) => model.evaluate('points', options)],
        [{ skipBad: 1 }, 'cannot be 1', (options) => model.evaluate('points', options)],
        [{ readerOptions: { a: 1 } }, 'cannot be {"a":1}', (options) => model.evaluate('points', options)],
        [{ skipbad: true }, 'no option "skipbad"', (options) => model.predictTarget('points', options).next()],
        [{ lable: 'a' }, 'no option "lable"', (options) => model.explain('0,3', options)],
        [{ taskOption: {} }, 'no option "taskOption"', (options) => headstart.load(model.directory, options)],
        [{ taskOptions: { a: 1 } }, 'cannot be {"a":1}', (options) => headstart.pretrained('point-net', options)],
      ];
    for (const [options, message, call] of calls)
      await expect(call(options as never)).rejects.toMatchObject({
        code: 'invalid-option',
        message: expect.stringContaining(message) as string,
        hint: expect.stringMatching(/[.?]$/) as string,
      });
    for (const target of [undefined, 7, ''])
      await expect(model.evaluate(target as never)).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it('many at a time, and each gets its own answer, or its own error', async () => {
    const points = ['0,3', '3,-1', '-3,-1'];
    const expected = await model.predict(points);
    const before = headstart.backend.memory().tensors;
    const broken = new Set([3, 17, 40, 41, 77, 100, 123, 150, 188, 199]);
    const asked = Array.from({ length: 200 }, (_, i) => (broken.has(i) ? `no point ${i}` : points[i % 3]!));
    const answers = await Promise.allSettled(asked.map((point) => model.predict([point])));
    answers.forEach((answer, i) => {
      if (answer.status === 'fulfilled') expect([i, ...answer.value]).toEqual([i, expected[i % 3]]);
      else expect(answer.reason).toMatchObject({ message: expect.stringContaining(`no point ${i}`) as string });
    });
    expect(answers.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([...broken]);
    const each = await model.predictEach(asked, { batchSize: 7 });
    expect(each.map((outcome) => 'error' in outcome)).toEqual(asked.map((_, i) => broken.has(i)));
    expect(
      each.flatMap((outcome, i) => ('error' in outcome || outcome.prediction === expected[i % 3] ? [] : [i])),
    ).toEqual([]);
    expect(headstart.backend.memory().tensors).toBe(before);
  });

  it('about all samples of data, with what is known of them beside', async () => {
    const predicted = [];
    for await (const each of model.predictTarget('points')) predicted.push(each);
    const { samples } = await model.evaluate('points', { split: 'all' });
    expect(predicted).toHaveLength(samples);
    const right = predicted.filter((each) => 'prediction' in each && each.prediction === each.truth);
    expect(right.length).toBeGreaterThan(0.8 * samples);
    await expect(model.predictTarget('nowhere').next()).rejects.toMatchObject({ code: 'target-not-found' });
  });

  it('to draw and to explain only where its task can', async () => {
    await expect(model.draw(bytes('0,3'), 'up')).rejects.toMatchObject({ code: 'not-supported' });
    await expect(model.explain(bytes('0,3'))).rejects.toMatchObject({ code: 'not-supported' });
  });
});

it('gives predictions of the type that was asked for', () => {
  const predicted = () => model.predict(['0,3']);
  expectTypeOf(predicted).returns.resolves.toEqualTypeOf<string[]>();
  expectTypeOf<Parameters<LoadedModel<string>['draw']>>().toEqualTypeOf<[input: ModelInput, prediction: string]>();
  const untyped = () => headstart.load('folder');
  const published = () => headstart.pretrained<{ label: string }>('source');
  expectTypeOf(untyped).returns.resolves.toEqualTypeOf<LoadedModel>();
  expectTypeOf(published).returns.resolves.toEqualTypeOf<LoadedModel<{ label: string }>>();
  expectTypeOf<Awaited<ReturnType<LoadedModel['predict']>>>().toEqualTypeOf<unknown[]>();
});
