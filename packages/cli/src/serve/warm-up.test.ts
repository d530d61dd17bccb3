import type { LoadedModel, ModelInput } from '@headstart/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { warmUp } from './warm-up.ts';

/** What a model of a modality is asked to predict, each time. */
async function askedOf(modality: string, predict = () => Promise.resolve([])): Promise<(readonly ModelInput[])[]> {
  const asked: (readonly ModelInput[])[] = [];
  const model = {
    task: { modality },
    predict(inputs: readonly ModelInput[]) {
      asked.push(inputs);
      return predict();
    },
  };
  await warmUp(model as unknown as LoadedModel);
  return asked;
}

describe('warming up', () => {
  it('has a model of texts predict one text, and one of pictures a picture that can be decoded', async () => {
    expect(await askedOf('text')).toEqual([['a text']]);
    const [[picture] = []] = await askedOf('image');
    const { data, info } = await sharp(picture as Uint8Array)
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, ...data]).toEqual([1, 1, 255, 255, 255]);
  });

  it('asks nothing of models of other inputs, and says nothing of one that fails', async () => {
    expect(await askedOf('audio')).toEqual([]);
    expect(await askedOf('text', () => Promise.reject(new Error('too short')))).toHaveLength(1);
  });
});
