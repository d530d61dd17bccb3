import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointTask } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { TransferModel } from './transfer-model.ts';
import { readValues, writeValues } from './variable-values.ts';

let model: TransferModel;
beforeAll(async () => {
  await plainBackend();
  const backbone = await pointSource.open({} as never, { weights: 'published' });
  model = new TransferModel(backbone, pointTask.buildHead(backbone, ['a', 'b'], new RandomStream(1)));
});
afterAll(() => model.dispose());

describe('TransferModel', () => {
  it('counts the stages before the first that trains', () => {
    expect(
      [{ head: 1 }, { upper: 1, head: 1 }, { lower: 0.1 }, {}].map((trainable) =>
        model.frozenPrefix(trainable as Record<string, number>),
      ),
    ).toEqual([2, 1, 0, 3]);
  });

  it('names every variable by its stage', () => {
    expect([...model.variables((stage) => stage === 'head')].map(([name]) => name)).toEqual([
      'head/kernel',
      'head/bias',
      'head/mean',
      'head/deviation',
    ]);
    expect(model.info()).toEqual([
      { name: 'lower', parameters: 2 * 8 + 2 * 8, batchNorm: 2 * 8 },
      { name: 'upper', parameters: 8 * 8 + 2 * 8, batchNorm: 2 * 8 },
    ]);
  });

  it('digests what a prefix computes from, statistics included, and nothing behind it', async () => {
    const [whole, first] = [await model.prefixDigest(2), await model.prefixDigest(1)];
    const before = await readValues(model.variables());
    const change = async (name: string) => {
      const { shape, data } = before.get(name)!;
      await writeValues(
        [...model.variables()].filter(([found]) => found === name),
        new Map([[name, { shape, data: data.map((x) => x + 1) }]]),
        'The test',
      );
    };
    await change('upper/variance');
    expect(await model.prefixDigest(1)).toBe(first);
    expect(await model.prefixDigest(2)).not.toBe(whole);
    await writeValues(model.variables(), before, 'The test');
    await change('head/kernel');
    expect(await model.prefixDigest(2)).toBe(whole);
    await writeValues(model.variables(), before, 'The test');
  });
});

describe('writeValues', () => {
  it('names what is missing or has another shape', async () => {
    const values = await readValues(model.variables());
    const { data } = values.get('head/kernel')!;
    await expect(
      writeValues(model.variables(), new Map([...values].filter(([name]) => name !== 'upper/beta')), 'The file'),
    ).rejects.toThrow(
      expect.objectContaining({ code: 'weights-mismatch', message: 'The file holds no weights named "upper/beta".' }),
    );
    await expect(
      writeValues(model.variables(), new Map([...values, ['head/kernel', { shape: [2, 8], data }]]), 'The file'),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'weights-mismatch',
        message: expect.stringMatching(/\[2, 8\] where \[8, 2\]/) as string,
      }),
    );
  });
});
