import {
  HeadstartError,
  type Headstart,
  type LoadedModel,
  type LoadOptions,
  type Progress,
  type TransferPlan,
  type TransferRequest,
  type TransferResult,
} from '@headstart/core';
import type { InspectRequest, Inspection } from '@headstart/core/readers';
import { contributionsOf, type PluginFailure } from '@headstart/core/manifest';
import type { Bench } from '../bench-types.ts';
import type { BackendReport, Composition, ScoreReport } from '../composition.ts';
import type { Check } from '../doctor/check.ts';
import type { BackendChoice } from '../options/backend-options.ts';
import type { Catalogue } from '../plugins/catalogue.ts';

type RunOptions = NonNullable<Parameters<Headstart['train']>[1]>;

const registered = <T>(value: T) => ({ plugin: 'fake-plugin', value });

/** A result whose fields all differ. */
export const fakeResult: TransferResult = {
  runId: 'run-7',
  task: 'fake-task',
  source: 'fake-source',
  target: 'fake-set',
  strategy: 'fake-strategy',
  seed: 7,
  backend: 'fake',
  device: 'cpu',
  metrics: { validation: { accuracy: 0.75 }, test: { accuracy: 0.5, macroF1: 0.25 } },
  intervals: { validation: {}, test: { accuracy: [0.3, 0.7] } },
  seconds: { total: 75.2, features: 3.4, training: 70.1, evaluation: 1.5 },
  samples: { train: 70, validation: 10, test: 20 },
  skipped: [{ id: 'broken.png', reason: 'the file is empty' }],
  model: 'runs/run-7',
};

/** A plan whose fields all differ. */
export const fakePlan: TransferPlan = {
  request: { target: 'fake-set', epochs: 3 },
  choices: [{ what: 'epochs', value: '3', why: 'asked for' }],
  samples: { train: 7000, validation: 10, test: 20 },
  labels: ['cat', 'dog'],
  skipped: [{ id: 'broken.png', reason: 'the file is empty' }],
  warnings: [{ code: 'odd', message: 'Something looks odd.', hint: 'Look at it.', samples: [] }],
  passedOver: [{ what: 'hidden files', count: 1, examples: ['.a'] }],
  cleaned: [{ code: 'duplicates', samples: 4, message: '4 copies left out' }],
  phases: [
    {
      name: 'probe',
      epochs: 3,
      stepsPerEpoch: 438,
      steps: 1314,
      trainable: { top: 0.1, head: 1 },
      trainableParameters: 2562,
      frozen: ['stem', 'block1'],
      cached: ['stem', 'block1'],
      views: 4,
      optimiser: { kind: 'adamw', learningRate: 0.001, weightDecay: 1 },
      schedule: { warmup: 0.1, decay: 'cosine' },
      losses: ['ridge'],
    },
  ],
};

/** An inspection whose fields all differ. */
export const fakeInspection: Inspection = {
  target: 'fake-set',
  reader: 'fake-reader',
  why: 'it looks like one',
  task: 'fake-task',
  modality: 'image',
  splits: 'drawn',
  samples: { train: 7000, validation: 1000, test: 2000 },
  labels: Array.from({ length: 30 }, (_, i) => ({ name: `class ${i}`, train: 233 + i, validation: 33, test: 66 })),
  table: {
    columns: [{ name: 'review', role: 'text' }, { name: 'stars', role: 'label' }, { name: 'id' }],
    separator: '\t',
    header: true,
    encoding: 'windows-1252',
  },
  unlabelled: { count: 1, samples: [{ id: 'reviews.tsv:7', reason: 'the label is empty' }] },
  examples: [{ id: 'reviews.tsv:2', split: 'train', labels: ['class 3'], texts: ['good '.repeat(40)] }],
  duplicates: { acrossSplits: 1, conflicting: 2, copies: 3 },
  warnings: [{ code: 'odd', message: 'Something looks odd.', hint: 'Look at it.', samples: ['reviews.tsv:9'] }],
  unchecked: [{ code: 'cut-texts', why: 'The tokeniser is not here.' }],
  cleaned: [{ code: 'duplicates', samples: 4, message: '4 copies left out' }],
  skipped: [{ id: 'reviews.tsv:8', reason: 'the text is empty' }],
  passedOver: [{ what: 'hidden files', count: 2, examples: ['.a', '.b'] }],
};

/** A system that records what it is asked and answers from a script. */
export class FakeHeadstart implements Composition {
  readonly requests: TransferRequest[] = [];
  readonly planned: TransferRequest[] = [];
  readonly inspected: InspectRequest[] = [];
  inspection = fakeInspection;
  readonly opened: BackendChoice[] = [];
  readonly resumed: string[] = [];
  readonly loaded: (LoadOptions | undefined)[] = [];
  readonly pretrained: [source: string, options: LoadOptions | undefined][] = [];
  closed = 0;
  /** What a run does; by default it ends well at once. */
  script: (options: RunOptions, progress: Progress) => Promise<void> = async () => {};

  async open(choice: BackendChoice, progress: Progress): Promise<Headstart> {
    this.opened.push(choice);
    return this.#headstart(progress);
  }

  async lookUp(): Promise<Headstart> {
    return this.#headstart({ start: () => ({ update() {}, end() {} }) });
  }

  async catalogue(): Promise<Catalogue> {
    const name = 'fake-plugin';
    const contributes = contributionsOf(await this.lookUp(), name);
    return { plugins: [{ name, version: '1.2.3', origin: 'config', path: null, contributes }] };
  }

  failures(): readonly PluginFailure[] {
    return [];
  }

  bench(): Promise<Bench> {
    return import('@headstart/bench');
  }

  async doctor(): Promise<BackendReport> {
    return { lines: ['fake engine: works'], document: { engines: ['fake'] } };
  }

  async checkUp(): Promise<readonly Check[]> {
    return [
      { name: 'node', state: 'ok', found: '99.0.0' },
      { name: 'cache', state: 'fail', found: 'full', todo: 'Free some space.' },
    ];
  }

  async install({ gpu }: { gpu: boolean }): Promise<BackendReport> {
    return { lines: [`installed (gpu: ${gpu})`], document: { gpu } };
  }

  async score(truth: string): Promise<ScoreReport> {
    return {
      metrics: { AP: 0.5, APsmall: -1 },
      perClass: [{ name: truth, objects: 1200, AP: 0.5, AP50: 1, AP75: -1 }],
      images: 2,
      objects: 1200,
      detections: 7,
      unknownCategories: new Map([[90, 3]]),
    };
  }

  async report(truth: string, predictions: string): Promise<string> {
    return `<p>${predictions} on ${truth}</p>`;
  }

  async mistakes(truth: string, predictions: string): Promise<string> {
    return `<p>${predictions} of ${truth}</p>`;
  }

  #headstart(progress: Progress): Headstart {
    const run = async (options: RunOptions = {}) => {
      await this.script(options, progress);
      return fakeResult;
    };
    const fake: Partial<Headstart> = {
      sources: () => [
        registered({
          id: 'fake-source',
          modality: 'image',
          card: {
            title: 'Fake source',
            description: '',
            trainedOn: 'nothing',
            licence: 'Apache-2.0',
            parameters: 1234567,
            files: [],
          },
          open: unused,
        }),
      ],
      sourceSchemes: () => [
        registered({ scheme: 'fake', modality: 'text', description: 'fakes by name', resolve: unused }),
      ],
      readers: () => [],
      datasets: () => [
        registered({
          id: 'fake-set',
          modality: 'image',
          description: 'A set',
          licence: 'CC0',
          task: 'fake-task',
          load: unused,
        }),
      ],
      tasks: () => [],
      evidenceFormats: () => [],
      exporters: () => [registered({ format: 'tfjs', description: 'a graph model', write: unused })],
      strategies: () => [
        registered({
          id: 'fake-strategy',
          description: 'Does nothing',
          start: 'source',
          plan: unused,
          defaults: { epochs: 1, batchSize: 1 },
        } as never),
      ],
      metrics: () => [],
      services: () => [registered({ id: 'Fake', replaces: true })],
      subscribers: () => [registered(unused)],
      offers: () => [],
      inspect: async (request, { page } = {}) => {
        this.inspected.push(request);
        return page ? { ...this.inspection, page: '<p>page</p>' } : this.inspection;
      },
      views: async () => new Map(),
      plan: async (request) => {
        this.planned.push(request);
        return fakePlan;
      },
      train: (request, options) => {
        this.requests.push(request);
        return run(options);
      },
      trials: unused,
      resume: (directory, options) => {
        this.resumed.push(directory);
        return run(options);
      },
      load: async <Prediction>(_: string, options?: LoadOptions) => {
        this.loaded.push(options);
        return fakeModel() as LoadedModel<Prediction>;
      },
      pretrained: async <Prediction>(source: string, options?: LoadOptions) => {
        this.pretrained.push([source, options]);
        return fakeModel() as LoadedModel<Prediction>;
      },
      embed: async (_, inputs) => ({
        shape: [inputs.length, 2],
        data: Float32Array.from(inputs.flatMap((_, i) => [i, i + 0.5])),
      }),
      close: async () => {
        this.closed++;
      },
    };
    return fake as Headstart;
  }
}

/** Ranks three labels, the input's length deciding the first one's share. */
function fakeModel(): LoadedModel {
  const labels = ['cat', 'dog', 'fox'];
  const model: Partial<LoadedModel> = {
    labels,
    task: {
      modality: 'image',
      describe: (prediction: { label: string }) => `looks like ${prediction.label}`,
      draw: unused,
    } as unknown as LoadedModel['task'],
    predict: async (inputs) =>
      inputs.map(() => ({
        label: 'dog',
        probability: 0.5,
        top: [
          { label: 'dog', probability: 0.5 },
          { label: 'fox', probability: 0.25 },
        ],
      })),
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

function unused(): never {
  throw new HeadstartError({ code: 'internal', message: 'The fake does not do this.', hint: 'Use the real system.' });
}
