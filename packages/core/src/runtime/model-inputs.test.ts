import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
      code: 'sample-unreadable',
      message: 'https://example.org/a.txt is not the address of a file on this machine.',
    });
    const wrongs: readonly (readonly [wrong: unknown, what: string])[] = [
      [7, 'of type number'],
      [null, 'null'],
      [{}, 'of type object'],
    ];
    for (const [wrong, what] of wrongs)
      await expect(model.predict(['0,3', wrong as never])).rejects.toMatchObject({
        code: 'invalid-option',
        message: `The model was asked about input 2, which is ${what}.`,
      });
  });

  it.each([-1, 0, 1.5, Number.NaN])('in batches of whole numbers of inputs, not of %d', async (batchSize) => {
    const refused = { code: 'invalid-option', message: expect.stringContaining(`cannot be ${batchSize}`) as string };
    await expect(model.predict(['0,3', '3,-1'], { batchSize })).rejects.toMatchObject(refused);
    await expect(model.evaluate('points', { batchSize })).rejects.toMatchObject(refused);
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
