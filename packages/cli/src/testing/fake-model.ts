import { HeadstartError, type LoadedModel } from '@headstart/core';
import { fakeResult } from './fake-results.ts';
import { unused } from './unused.ts';

const PREDICTION = {
  label: 'dog',
  probability: 0.5,
  top: [
    { label: 'dog', probability: 0.5 },
    { label: 'fox', probability: 0.25 },
  ],
};

const unreadable = (name: string) =>
  new HeadstartError({ code: 'sample-unreadable', message: `${name}: it cannot be read.`, hint: 'Remove it.' });

/** Ranks three labels, the second one always the likeliest; what has `bad` in its name cannot be read. */
export function fakeModel(): LoadedModel {
  const labels = ['cat', 'dog', 'fox'];
  const model: Partial<LoadedModel> = {
    labels,
    task: {
      modality: 'image',
      describe: (prediction: { label: string }) => `looks like ${prediction.label}`,
      draw: unused,
    } as unknown as LoadedModel['task'],
    predict: async (inputs) => inputs.map(() => PREDICTION),
    predictEach: async (inputs) =>
      inputs.map((input) =>
        (input as string).includes('bad') ? { error: unreadable(input as string) } : { prediction: PREDICTION },
      ),
    async *predictTarget(target) {
      yield { id: `${target}:2`, texts: ['a "quoted", text'], truth: 'dog', prediction: PREDICTION };
      yield { id: `${target}:3`, texts: ['another'], truth: 'fox', prediction: PREDICTION };
      yield { id: `${target}:4`, error: unreadable(`${target}:4`) };
    },
    cutTexts: async () => [],
    embed: async (inputs) => ({
      shape: [inputs.length, 1],
      data: Float32Array.from(inputs, (input) => (input as string).length),
    }),
    explain: async () => new Uint8Array([1, 2, 3]),
    draw: async (input, prediction) =>
      new TextEncoder().encode(`${(prediction as { label: string }).label} in ${input as string}`),
    evaluate: async (_, { pages = [] } = {}) => ({
      metrics: {
        values: { accuracy: 0.75 },
        details: {
          intervals: { accuracy: [0.25, 1] },
          perClass: [
            { label: 'cat', support: 3, precision: 1, recall: 2 / 3, f1: 0.8 },
            { label: 'dog', support: 1, precision: 0.5, recall: 1, f1: 2 / 3 },
          ],
          confusionMatrix: [
            [2, 1],
            [0, 1],
          ],
        },
      },
      samples: 4,
      split: 'test',
      skipped: fakeResult.skipped,
      warnings: [],
      passedOver: [],
      cleaned: [],
      pages: Object.fromEntries(pages.map((page) => [page, `<p>${page}</p>`])),
    }),
    export: async (_, directory) => [`${directory}/model.json`],
    dispose: () => {},
  };
  return model as LoadedModel;
}
