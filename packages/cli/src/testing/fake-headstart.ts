import {
  type Headstart,
  type LoadedModel,
  type LoadOptions,
  type Progress,
  type TransferRequest,
} from '@headstart/core';
import type { RankRequest } from '@headstart/core/inference';
import type { InspectRequest } from '@headstart/core/readers';
import { contributionsOf, type PluginFailure } from '@headstart/core/manifest';
import type { Bench } from '../bench-types.ts';
import type { BackendReport, Composition, ScoreReport } from '../composition.ts';
import type { Check } from '../doctor/check.ts';
import type { BackendChoice } from '../options/backend-options.ts';
import type { Catalogue } from '../plugins/catalogue.ts';
import { fakeModel } from './fake-model.ts';
import { fakeInspection, fakePlan, fakeRanking, fakeResult } from './fake-results.ts';
import { unused } from './unused.ts';

type RunOptions = NonNullable<Parameters<Headstart['train']>[1]>;

const registered = <T>(value: T) => ({ plugin: 'fake-plugin', value });

/** A system that records what it is asked and answers from a script. */
export class FakeHeadstart implements Composition {
  readonly requests: TransferRequest[] = [];
  readonly planned: TransferRequest[] = [];
  readonly inspected: InspectRequest[] = [];
  readonly heldAgainst: string[] = [];
  /** How embeddings were asked for in inspections. */
  readonly compared: (number | boolean)[] = [];
  readonly ranked: RankRequest[] = [];
  inspection = fakeInspection;
  readonly opened: BackendChoice[] = [];
  readonly resumed: string[] = [];
  readonly loaded: (LoadOptions | undefined)[] = [];
  readonly pretrained: [source: string, options: LoadOptions | undefined][] = [];
  readonly relabelled: Parameters<Headstart['relabel']>[] = [];
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
      inspect: async (request, { page, against, embeddings } = {}) => {
        this.inspected.push(request);
        if (against !== undefined) this.heldAgainst.push(against);
        if (embeddings !== undefined) this.compared.push(embeddings);
        return page ? { ...this.inspection, page: '<p>page</p>' } : this.inspection;
      },
      views: async () => new Map(),
      plan: async (request) => {
        this.planned.push(request);
        return fakePlan;
      },
      rankSources: async (request) => {
        this.ranked.push(request);
        return fakeRanking;
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
      relabel: async (...asked) => {
        this.relabelled.push(asked);
        return { model: asked[2], labels: ['a', 'b'], renamed: { x: 'a', a: 'a', y: 'b' }, metricsDropped: true };
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
