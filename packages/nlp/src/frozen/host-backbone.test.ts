import { expect, it } from 'vitest';
import { hostBackbone } from './host-backbone.ts';

it('names the source and the text for which a network gives no numbers', async () => {
  const embedder = {
    ...{ width: 2, batch: 8, identity: 'i', runtime: 'r' },
    embed: (texts: readonly string[]) =>
      Promise.resolve(Float32Array.from(texts.flatMap((text) => (text === 'bad' ? [1, NaN] : [1, 2])))),
    dispose: () => {},
  };
  const { texts } = await hostBackbone(embedder, { from: 'transformers:m', open: { weights: 'published' } });
  expect(await texts.encode({ text: 'good' })).toEqual({ embedding: Float32Array.of(1, 2) });
  await expect(texts.encode({ text: 'bad' })).rejects.toMatchObject({
    code: 'not-finite',
    message: 'There is NaN in the vector that transformers:m gives for the text "bad".',
  });
});
