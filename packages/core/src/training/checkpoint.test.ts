import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeValueFile } from '../network/value-file.ts';
import { prefixed, readCheckpoint, removeCheckpoint, under, writeCheckpoint } from './checkpoint.ts';
import { newRunState } from './run-state.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'headstart-checkpoint-'))));
afterEach(() => rm(folder, { recursive: true }));

const value = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) });
const path = () => join(folder, 'checkpoint.safetensors');

describe('a checkpoint', () => {
  it('gives state and tensors back to the last bit', async () => {
    const state = {
      ...newRunState(),
      phase: 1,
      epoch: 2,
      step: 3,
      lossSum: 0.1 + 0.2,
      firstLoss: Math.LN2,
      learningRate: 1 / 3,
      chosen: [{ phase: 'o', epoch: 2, of: 3, by: 'later' as const, why: 'so' }],
      history: [
        {
          phase: 'p',
          epoch: 1,
          epochs: 2,
          loss: 1 / 7,
          learningRate: 0.1,
          seconds: 1.5,
          validation: { accuracy: 2 / 3 },
        },
      ],
    };
    const tensors = new Map(
      prefixed('model/', [
        ['a', value(0.1, -0)],
        ['b/c', value(1e-40)],
      ]),
    );
    await writeCheckpoint(folder, { state, tensors });
    const read = await readCheckpoint(folder);
    expect(read!.state).toEqual(state);
    expect([...under(read!.tensors, 'model/')].map(([name, { data }]) => [name, ...data])).toEqual([
      ['a', Math.fround(0.1), -0],
      ['b/c', Math.fround(1e-40)],
    ]);
    expect(under(read!.tensors, 'optimiser/').size).toBe(0);
    await removeCheckpoint(folder);
    expect(await readCheckpoint(folder)).toBeUndefined();
  });

  it.each([{}, { state: '{' }, { state: '{}' }, { state: JSON.stringify({ ...newRunState(), epoch: -1 }) }] as Record<
    string,
    string
  >[])('with the metadata %j is none', async (metadata) => {
    await writeValueFile(path(), { metadata, values: new Map([['model/a', value(1)]]) });
    await expect(readCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  });

  it('that is cut short is refused at every length', async () => {
    await writeCheckpoint(folder, { state: newRunState(), tensors: new Map([['model/a', value(1, 2, 3)]]) });
    const { length } = await readFile(path());
    for (let at = length - 1; at >= 0; at -= 7) {
      await truncate(path(), at);
      await expect(readCheckpoint(folder), `${at} bytes`).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    }
  });
});
