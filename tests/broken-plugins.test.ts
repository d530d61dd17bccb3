import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createHeadstart,
  definePlugin,
  HeadstartError,
  type Encoder,
  type EpochInfo,
  type ErrorCode,
  type Headstart,
  type Phase,
  type Plugin,
  type PluginContext,
  type Strategy,
  type TransferResult,
} from '@headstart/core';
import { readSafetensors } from '@headstart/core/formats';
import type { Evaluator, Metric } from '@headstart/core/metrics';
import { softCrossEntropy, type Backbone, type Head } from '@headstart/core/network';
import { plainBackend } from '@headstart/core/testing';
import type { Backend } from '@headstart/core/backend';
import { keep, mean, memory, mul, scalar, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  LENGTH,
  PITCHES,
  toneMetric,
  tonePhase,
  tonePlugin,
  toneReader,
  tones,
  toneSource,
  toneStrategy,
  toneTask,
  type Tone,
  type ToneParts,
} from './fixtures/tone-plugin.ts';

/*
 * Ways for a plugin to be broken, and what is said of each: an error with a code and a hint that names the plugin and the part,
 * a warning that does, or, where the row says why, that it is legal. Numbered as they were first tried.
 */

const BROKEN = 'headstart-broken';

interface Outcome {
  readonly error: unknown;
  readonly warnings: readonly string[];
  readonly choices: readonly string[];
  readonly epochs: readonly EpochInfo[];
  readonly headstart: Headstart | undefined;
  readonly result: TransferResult | undefined;
}

type Answer =
  /** `says` is what the message has beside the plugin's name. */
  | {
      readonly code: ErrorCode;
      readonly says: RegExp;
      readonly unnamed?: string;
      readonly leaves?: string;
    }
  | { readonly legal: string; readonly holds?: (outcome: Outcome) => void | Promise<void> };

interface Row {
  readonly plugins: () => readonly Plugin[];
  readonly answer: Answer;
}

const parts = (broken: ToneParts, answer: Answer): Row => ({ plugins: () => [tonePlugin(broken, BROKEN)], answer });
const beside = (plugin: () => Plugin, answer: Answer): Row => ({ plugins: () => [tonePlugin(), plugin()], answer });
const definition = (more: object): Plugin =>
  definePlugin({ name: BROKEN, version: '1.0.0', headstart: '^0.1', setup() {}, ...more })();
const setUp = (setup: (context: PluginContext) => unknown, answer: Answer): Row =>
  beside(() => definition({ setup }), answer);
const whole = (plugins: () => readonly unknown[], answer: Answer): Row => ({
  plugins: plugins as Row['plugins'],
  answer,
});

const task = (change: object, answer: Answer): Row => parts({ task: { ...toneTask, ...change } }, answer);
const loss = (broken: (...args: Parameters<typeof toneTask.loss>) => unknown, answer: Answer): Row =>
  task({ loss: broken }, answer);
const encoder = (change: Partial<Record<keyof Encoder<Tone>, unknown>>, answer: Answer): Row =>
  task({ encoder: (options: never) => ({ ...toneTask.encoder(options), ...change }) }, answer);
const head = (change: (head: Head) => Head, answer: Answer): Row =>
  task({ buildHead: (...args: Parameters<typeof toneTask.buildHead>) => change(toneTask.buildHead(...args)) }, answer);
const reader = (change: object, answer: Answer): Row => parts({ reader: { ...toneReader, ...change } }, answer);
const samples = (change: (sample: Tone, index: number) => unknown, answer: Answer): Row =>
  reader(
    {
      read: async () => {
        const data = tones();
        return { ...data, samples: data.samples.map((read, i) => ({ ...read, sample: change(read.sample, i) })) };
      },
    },
    answer,
  );
const source = (open: (backbone: Backbone) => unknown, answer: Answer): Row =>
  parts(
    { source: { ...toneSource, open: async (...args) => open(await toneSource.open(...args)) as Backbone } },
    answer,
  );
const strategy = (plan: Strategy['plan'] | (() => unknown), answer: Answer): Row =>
  parts({ strategy: { ...toneStrategy, plan: plan as Strategy['plan'] } }, answer);
const phase = (change: object, answer: Answer): Row => strategy(() => [{ ...tonePhase, ...change }], answer);
const metric = (change: Partial<Metric<'classification'>>, answer: Answer): Row =>
  parts({ metric: { ...toneMetric, ...change } }, answer);

const boom = (what: string) => () => {
  throw new Error(what);
};
/** Targets of unlabelled samples whose functions are there and are not called. */
const NOTHING_DERIVED = { specs: () => ({}), derive: () => ({}) };
const own = (of: string) => new RegExp(`Plugin "${BROKEN}", ${of}`);
const audio = z.object({ stages: z.number().int().max(3).default(3) });
const withOptions = (options: unknown, schema?: z.ZodType): Row => ({
  plugins: () => [
    tonePlugin(),
    definePlugin({ name: BROKEN, version: '1.0.0', headstart: '^0.1', options: schema as never, setup() {} })(
      options as never,
    ),
  ],
  answer: { legal: '' },
});
/** Of a pass that fails half way. */
const TAPE = 'TensorFlow.js keeps what it has saved for the gradient';
const leaked: Tensor[] = [];

const rows: Readonly<Record<string, Row>> = {
  '1. same plugin twice': whole(() => [tonePlugin({}, BROKEN), tonePlugin({}, BROKEN)], {
    code: 'plugin-conflict',
    says: /two plugins with the name/,
  }),
  '2. two copies of same-name sources': setUp(({ sources }) => sources.add(toneSource), {
    code: 'plugin-conflict',
    says: /adds the source "tone-net", which "headstart-plugin-tones"/,
  }),
  '3. a strategy named as a built-in': parts(
    { strategy: { ...toneStrategy, id: 'linear-probe' } },
    { code: 'plugin-conflict', says: /adds the strategy "linear-probe", which "@headstart\/core"/ },
  ),
  '4. id with spaces/upper case': setUp(({ sources }) => sources.add({ ...toneSource, id: 'Tone Net' }), {
    code: 'plugin-invalid',
    says: own('source "Tone Net": .*kebab-case'),
  }),
  '5. core range ^2': beside(() => definition({ headstart: '^2' }), { code: 'plugin-incompatible', says: /\^2/ }),
  '6. core range banana': beside(() => definition({ headstart: 'banana' }), {
    code: 'plugin-invalid',
    says: /"banana"/,
  }),
  '7. option out of range': {
    ...withOptions({ stages: 4 }, audio),
    answer: { code: 'plugin-invalid', says: /<=3.*stages/ },
  },
  '8. unknown option': {
    ...withOptions({ stage: 2 }, audio),
    answer: { code: 'plugin-invalid', says: /has no option "stage"/ },
  },
  '9. no options given, schema wants object': {
    ...withOptions(undefined, audio),
    answer: { legal: 'every option of the schema has a default' },
  },
  '9b. no options given, one is needed': {
    ...withOptions(undefined, z.object({ stages: z.number() })),
    answer: { code: 'plugin-invalid', says: /expected number.*stages/ },
  },
  '10. options where plugin takes none': {
    ...withOptions({ stages: 2 }),
    answer: { code: 'plugin-invalid', says: /takes no options/ },
  },
  '11. setup throws Error': setUp(boom('boom'), { code: 'plugin-invalid', says: /set up: boom/ }),
  '12. setup throws string': setUp(
    () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is what is wrong with it
      throw 'boom';
    },
    { code: 'plugin-invalid', says: /set up: boom/ },
  ),
  '13. async setup resolves': setUp(async () => {}, { code: 'plugin-invalid', says: /asynchronous/ }),
  '14. async setup rejects': setUp(() => Promise.reject(new Error('late')), {
    code: 'plugin-invalid',
    says: /asynchronous/,
  }),
  ...Object.fromEntries(
    Object.entries({
      '15. plugin not called': definePlugin({ name: BROKEN, version: '1.0.0', headstart: '^0.1', setup() {} }),
      '16. plugin is module namespace': { default: () => tonePlugin() },
      '17. plugin undefined': undefined,
      '18. no name': definition({ name: undefined }),
      '19. no setup': { definition: { name: BROKEN, version: '1.0.0', headstart: '^0.1' }, options: undefined },
    }).map(([title, plugin]) => [
      title,
      whole(() => [plugin], {
        code: 'plugin-invalid',
        says: /definePlugin did not make/,
        unnamed: 'what definePlugin did not make has no name to go by',
      }),
    ]),
  ),
  '20. add(undefined)': setUp(({ sources }) => sources.add(undefined as never), {
    code: 'plugin-invalid',
    says: own('source: '),
  }),
  '21. source without open': parts(
    { source: { ...toneSource, open: undefined as never } },
    {
      code: 'plugin-invalid',
      says: own('source "tone-net": .*open'),
    },
  ),
  '22. find inside setup': setUp(({ sources }) => sources.find('tone-net')(), {
    code: 'plugin-invalid',
    says: /asks for the source "tone-net" while it is set up/,
  }),
  '23. services.find unknown': setUp(({ services }) => void services.find(Symbol('nothing')), {
    legal: 'a service is found when it is needed, and is undefined where no plugin provides it',
  }),
  '24. loss NaN': loss((outputs, targets, options) => mul(toneTask.loss(outputs, targets, options), NaN), {
    code: 'diverged',
    says: own('task "tone-classification"'),
  }),
  '25. loss not a scalar': loss(({ logits }) => mean(logits!, -1), {
    code: 'plugin-failed',
    says: own('task "tone-classification": '),
  }),
  '26. loss undefined': loss(() => undefined, {
    code: 'plugin-failed',
    says: own('task "tone-classification": '),
  }),
  '27. loss reads a value (dataSync)': loss(
    (outputs, targets, options) => {
      const value: Scalar = toneTask.loss(outputs, targets, options);
      value.dataSync();
      return value;
    },
    { legal: 'a step that reads values runs op by op; a backend that records steps warns that it cannot' },
  ),
  '28. loss from unknown output': loss(({ nope }, { label }) => softCrossEntropy(nope!, label!), {
    code: 'plugin-failed',
    says: own('task "tone-classification": Cannot read properties of undefined'),
    leaves: TAPE,
  }),
  '29. loss without gradient': loss(() => scalar(1), {
    code: 'plugin-failed',
    says: own('task "tone-classification": .*gradient'),
  }),
  '30. feature names no tensor': source(
    (backbone) => ({ ...backbone, features: backbone.features.map((feature) => ({ ...feature, tensor: 'nope' })) }),
    { code: 'plugin-failed', says: own('source "tone-net": .*"nope"') },
  ),
  '31. feature names no stage': source(
    (backbone) => ({ ...backbone, features: backbone.features.map((feature) => ({ ...feature, stage: 'nope' })) }),
    { code: 'plugin-failed', says: own('source "tone-net": .*the stage "nope"') },
  ),
  '32. feature shape wrong': source(
    (backbone) => ({ ...backbone, features: backbone.features.map((feature) => ({ ...feature, shape: [100] })) }),
    { code: 'plugin-failed', says: own('source "tone-net": .*\\[100\\].*\\[8\\]') },
  ),
  '33. no features': source((backbone) => ({ ...backbone, features: [] }), {
    code: 'plugin-failed',
    says: own('source "tone-net": .*no feature'),
  }),
  '34. no stages': source((backbone) => ({ ...backbone, stages: [] }), {
    code: 'plugin-failed',
    says: own('source "tone-net": .*no stage'),
  }),
  '35. stages in wrong order': source((backbone) => ({ ...backbone, stages: backbone.stages.toReversed() }), {
    code: 'plugin-failed',
    says: own('source "tone-net", stage "high": .*"middle"'),
  }),
  '36. two stages of one name': source(
    (backbone) => ({ ...backbone, stages: backbone.stages.map((stage) => ({ ...stage, name: 'low' })) }),
    { code: 'plugin-failed', says: own('source "tone-net": .*two stages are called "low"') },
  ),
  '37. open gives undefined': parts(
    { source: { ...toneSource, open: async () => undefined as never } },
    {
      code: 'plugin-failed',
      says: own('source "tone-net": open gave no backbone'),
    },
  ),
  '38. open throws Error': parts(
    { source: { ...toneSource, open: boom('no such thing') } },
    {
      code: 'plugin-failed',
      says: own('source "tone-net": no such thing'),
    },
  ),
  '39. weights file missing': parts(
    { source: { ...toneSource, open: async () => (await readSafetensors('/nope.safetensors')) as never } },
    {
      code: 'storage-failed',
      says: /\/nope\.safetensors/,
      unnamed: 'it names the file, which the user may be able to put there',
    },
  ),
  '40. reader: no samples': reader(
    { read: async () => ({ ...tones(), samples: [] }) },
    { code: 'target-empty', says: /tones has no sample/, unnamed: 'a folder may be empty: that is about the data' },
  ),
  '41. reader: undefined': reader(
    { read: async () => undefined },
    { code: 'plugin-failed', says: own('reader "tone-folder": read gave data that cannot be used') },
  ),
  '42. reader: label out of range': samples((sample) => ({ ...sample, label: 99 }), {
    code: 'plugin-failed',
    says: own('reader "tone-folder": .*"go/0.wav" has the label 99 where there are 4'),
  }),
  '43. reader: no label': samples((sample) => ({ ...sample, label: undefined }), {
    code: 'plugin-failed',
    says: own('reader "tone-folder": .*4 labels, and no sample has one'),
  }),
  '44. reader: no digest': samples((sample) => ({ ...sample, digest: undefined }), {
    code: 'plugin-failed',
    says: own('reader "tone-folder": .*"go/0.wav" has no digest'),
  }),
  '45. reader: one digest for all': samples((sample) => ({ ...sample, digest: '0'.repeat(64) }), {
    code: 'plugin-failed',
    says: own('reader "tone-folder": .*all 32 samples have one digest'),
  }),
  '45b. reader: the same picture several times': samples(
    (sample, i) => (i % 8 < 4 ? { ...sample, wave: tones().samples[0]!.sample.wave, digest: '0'.repeat(64) } : sample),
    { legal: 'copies of one content are common, even under several labels' },
  ),
  '46. reader: samples not wrapped': reader(
    { read: async () => ({ ...tones(), samples: tones().samples.map(({ sample }) => sample) }) },
    { code: 'plugin-failed', says: own('reader "tone-folder": sample 0|reader "tone-folder": .*not wrapped') },
  ),
  '47. reader: task unknown': reader(
    { task: 'nope' },
    {
      code: 'unknown-name',
      says: own('reader "tone-folder": .*Unknown task "nope"'),
    },
  ),
  '48. reader: other modality': reader(
    { modality: 'image' },
    {
      code: 'plugin-failed',
      says: own('reader "tone-folder": .*audio data, and its modality is image'),
    },
  ),
  '48b. reader and data: other modality': reader(
    { modality: 'image', read: async () => ({ ...tones(), modality: 'image' }) },
    { code: 'not-supported', says: own('reader "tone-folder": it gives image data; the task .* audio data') },
  ),
  '48c. source: other modality': parts(
    { source: { ...toneSource, modality: 'image' } },
    {
      code: 'not-supported',
      says: own('source "tone-net": it is for image data'),
    },
  ),
  '49. reader: detect throws': reader(
    { detect: boom('detect boom') },
    {
      code: 'plugin-failed',
      says: own('reader "tone-folder": detect boom'),
    },
  ),
  '50. reader: detect gives 5': reader(
    { detect: async () => 5 },
    {
      code: 'plugin-failed',
      says: own('reader "tone-folder": detect gave 5'),
    },
  ),
  '50b. reader: detect gives NaN': reader(
    { detect: async () => NaN },
    {
      code: 'plugin-failed',
      says: own('reader "tone-folder": detect gave NaN'),
    },
  ),
  '51. two readers equally sure': setUp(({ readers }) => readers.add({ ...toneReader, id: 'other-folder' }), {
    legal: 'both understand the data; the choice names both, and which was taken',
    holds: ({ choices }) =>
      expect(choices).toContainEqual(
        expect.stringMatching(
          /reader tone-folder: .*Plugin "headstart-broken", reader "other-folder" is as sure as Plugin "headstart-plugin-tones", reader "tone-folder"/,
        ),
      ),
  }),
  '52. task defaults unknown source': task(
    { defaults: { ...toneTask.defaults, source: 'nope' } },
    {
      code: 'unknown-name',
      says: own('task "tone-classification": .*Unknown source "nope"'),
    },
  ),
  '52b. task defaults unknown strategy': task(
    { defaults: { ...toneTask.defaults, strategy: 'nope' } },
    {
      code: 'unknown-name',
      says: own('task "tone-classification": .*Unknown strategy "nope"'),
    },
  ),
  '53. task monitors unknown metric': task(
    { monitor: { metric: 'nope', mode: 'max' } },
    {
      code: 'plugin-failed',
      says: own('task "tone-classification": it watches the metric "nope".*accuracy'),
    },
  ),
  "53b. task monitors a plugin's metric": task(
    { monitor: { metric: 'toneError', mode: 'min' } },
    {
      legal: 'registered metrics are computed every epoch',
    },
  ),
  '54. encoder: wrong length': encoder(
    { encode: async () => ({ wave: new Float32Array(5) }) },
    {
      code: 'plugin-failed',
      says: own(`task "tone-classification": encode gave 5 values where \\[${LENGTH}\\] takes ${LENGTH}.*\\.wav"`),
    },
  ),
  '54b. encoder: wrong length of a target': encoder(
    { target: () => ({ label: new Float32Array(3) }) },
    {
      code: 'plugin-failed',
      says: own('task "tone-classification": target gave 3 values where \\[4\\] takes 4.*\\.wav"'),
    },
  ),
  '55. encoder: missing tensor': encoder(
    { encode: async () => ({}) },
    {
      code: 'plugin-failed',
      says: own('task "tone-classification": encode gave no values for the tensor "wave".*\\.wav"'),
    },
  ),
  '56. encoder: NaN values': encoder(
    { encode: async () => ({ wave: new Float32Array(LENGTH).fill(NaN) }) },
    { code: 'plugin-failed', says: own('task "tone-classification": encode gave NaN at place 0.*\\.wav"') },
  ),
  '57. encoder: throws Error': encoder(
    { encode: boom('enc boom') },
    {
      code: 'plugin-failed',
      says: own('task "tone-classification": enc boom'),
    },
  ),
  '58. encoder inputs other than backbone': encoder(
    { inputs: { wave: { shape: [8], dtype: 'float32' } } },
    {
      code: 'plugin-failed',
      says: own(
        'task "tone-classification": its encoder gives wave \\[8\\] float32; the source "tone-net" takes wave \\[16\\]',
      ),
    },
  ),
  '58b. encoder inputs by other names': encoder(
    { inputs: { sound: { shape: [LENGTH], dtype: 'float32' } } },
    {
      code: 'plugin-failed',
      says: own('task "tone-classification": its encoder gives sound'),
    },
  ),
  '58b. strategy: a bottleneck of no width': parts(
    { strategy: { ...toneStrategy, bottleneck: { width: 0, dropout: 0.5 } } },
    { code: 'plugin-invalid', says: /strategy "tone-probe".*bottleneck\.width/ },
  ),
  '58c. strategy: half an earlier feature': parts(
    { strategy: { ...toneStrategy, bottleneck: { width: 8, dropout: 0.5, earlier: 0.5 } } },
    { code: 'plugin-invalid', says: /strategy "tone-probe".*bottleneck\.earlier/ },
  ),
  '59. strategy: zero phases': strategy(() => [], {
    code: 'plugin-failed',
    says: own('strategy "tone-probe": .*no phase'),
  }),
  '60. strategy: unknown stage': phase(
    { trainable: { nope: 1 } },
    {
      code: 'plugin-failed',
      says: own('strategy "tone-probe": .*the stage "nope".*low, middle, high, head'),
    },
  ),
  '61. strategy: nothing trains': phase(
    { trainable: {} },
    {
      code: 'plugin-failed',
      says: own('strategy "tone-probe": .*the phase "top" trains no stage'),
    },
  ),
  '62. strategy: epochs 0': phase(
    { epochs: 0 },
    { code: 'plugin-failed', says: own('strategy "tone-probe": .*0\\.epochs') },
  ),
  '63. strategy: epochs 1.5': phase(
    { epochs: 1.5 },
    { code: 'plugin-failed', says: own('strategy "tone-probe": .*0\\.epochs') },
  ),
  '64. strategy: rate NaN': phase(
    { optimiser: { ...tonePhase.optimiser, learningRate: NaN } },
    {
      code: 'plugin-failed',
      says: own('strategy "tone-probe": .*0\\.optimiser\\.learningRate'),
    },
  ),
  '64b. strategy: rate of a stage NaN': phase(
    { trainable: { head: NaN } },
    {
      code: 'plugin-failed',
      says: own('strategy "tone-probe": .*0\\.trainable\\.head'),
    },
  ),
  '65. strategy: rate 1e6': phase(
    {
      optimiser: { ...tonePhase.optimiser, kind: 'sgd', learningRate: 1e30 },
      schedule: { warmup: 0, decay: 'constant' },
    },
    {
      code: 'diverged',
      says: /phase "top" \(learning rate 1e\+30\)/,
      unnamed: 'the user has an option for the rate, which the hint names',
    },
  ),
  '66. strategy: unknown optimiser': phase(
    { optimiser: { ...tonePhase.optimiser, kind: 'lion' } },
    {
      code: 'plugin-failed',
      says: own('strategy "tone-probe": .*0\\.optimiser\\.kind'),
    },
  ),
  '67. strategy: no schedule': phase(
    { schedule: undefined },
    {
      code: 'plugin-failed',
      says: own('strategy "tone-probe": .*0\\.schedule'),
    },
  ),
  '67b. strategy: targets derived at no epoch': phase(
    { derived: { ...NOTHING_DERIVED, epochs: [] } },
    { code: 'plugin-failed', says: own('strategy "tone-probe": .*0\\.derived\\.epochs') },
  ),
  '67c. strategy: targets derived at an epoch that never comes': phase(
    { derived: { ...NOTHING_DERIVED, epochs: [0, 1e3] } },
    { code: 'plugin-failed', says: own('strategy "tone-probe": .*0\\.derived\\.epochs: they are to rise') },
  ),
  '67d. strategy: targets derived at epochs in no order': phase(
    { derived: { ...NOTHING_DERIVED, epochs: [1, 0] } },
    { code: 'plugin-failed', says: own('strategy "tone-probe": .*0\\.derived\\.epochs: they are to rise') },
  ),
  '68. strategy: plan undefined': strategy(() => undefined, {
    code: 'plugin-failed',
    says: own('strategy "tone-probe": plan gave phases that cannot be run'),
  }),
  '69. strategy: plan throws': strategy(boom('plan boom'), {
    code: 'plugin-failed',
    says: own('strategy "tone-probe": plan boom'),
  }),
  '69b. strategy: a loss term throws': phase(
    { losses: [{ name: 'pull', needs: {}, value: boom('pulled') }] } satisfies Partial<Phase>,
    {
      code: 'plugin-failed',
      says: own('strategy "tone-probe", loss term "pull": pulled'),
      leaves: TAPE,
    },
  ),
  '70. metric throws': metric(
    { compute: boom('metric boom') },
    {
      code: 'plugin-failed',
      says: own('metric "toneError": metric boom'),
    },
  ),
  '71. metric NaN': metric(
    { compute: () => NaN },
    {
      legal: 'a number may not exist for some data; it is left out with a warning, and the model can be loaded',
      holds: leftOut(/metric "toneError": it is NaN and is left out/),
    },
  ),
  '72. metric string': metric(
    { compute: () => 'good' as never },
    {
      legal: 'as 71',
      holds: leftOut(/metric "toneError": it is not a number but "good" and is left out/),
    },
  ),
  "72b. a number of the task's own evaluator is NaN": task(
    {
      evaluator(labels: readonly string[]) {
        const evaluator = toneTask.evaluator(labels);
        const report: Evaluator['report'] = (options) => ({
          values: { ...evaluator.report(options).values, odd: Infinity },
        });
        return { ...evaluator, report };
      },
    },
    {
      legal: 'as 71',
      holds: leftOut(/Plugin "headstart-broken", task "tone-classification": its metric "odd" is Infinity/),
    },
  ),
  '73. metric unknown kind': metric(
    { kind: 'clasification' as never },
    {
      code: 'plugin-invalid',
      says: own('metric "toneError": .*"clasification"'),
    },
  ),
  '74. head leaks tensors': head(
    (built) =>
      Object.assign(Object.create(built) as Head, {
        forward(...args: Parameters<Head['forward']>) {
          leaked.push(keep(scalar(1)));
          return built.forward(...args);
        },
      }),
    { code: 'plugin-failed', says: own('task "tone-classification": its head leaves 1 tensor behind') },
  ),
  '75. head named otherwise': head((built) => Object.assign(Object.create(built) as Head, { name: 'top' }), {
    code: 'plugin-failed',
    says: own('task "tone-classification": .*a head called "top"'),
  }),
  '76. evaluator gives no evidence': task(
    { evaluator: (labels: readonly string[]) => ({ ...toneTask.evaluator(labels), evidence: undefined }) },
    {
      legal: 'evidence is for metrics of others, which are then not computed',
      holds: ({ result }) => expect(Object.keys(result!.metrics['test']!)).not.toContain('toneError'),
    },
  ),
  '77. describe throws': task(
    { describe: boom('describe boom') },
    {
      legal: 'nothing is described while a model is trained',
      async holds({ headstart, result }) {
        const model = await headstart!.load(result!.model);
        try {
          const [prediction] = await model.predict([new Array(LENGTH).fill(0).join()]);
          expect(() => model.task.describe(prediction)).toThrow(own('task "tone-classification": describe boom'));
        } finally {
          model.dispose();
        }
      },
    },
  ),
};

/** A model was saved without the number, with a warning that names plugin and metric once, and it loads. */
function leftOut(warning: RegExp): (outcome: Outcome) => Promise<void> {
  return async ({ headstart, result, warnings }) => {
    const own = warnings.filter((message) => message.includes(BROKEN));
    expect(own).toEqual([expect.stringMatching(warning)]);
    expect(Object.values(result!.metrics['test']!).every(Number.isFinite)).toBe(true);
    const model = await headstart!.load(result!.model);
    expect(model.labels).toEqual(PITCHES);
    model.dispose();
  };
}

describe('a broken plugin', () => {
  let backend: Backend;
  let root: string;
  beforeAll(async () => {
    backend = await plainBackend();
    root = await mkdtemp(join(tmpdir(), 'headstart-broken-'));
    await mkdir(join(root, 'tones'));
    await writeFile(join(root, 'tones', 'go.wav'), '');
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  async function attempt(plugins: readonly Plugin[]): Promise<Outcome> {
    const warnings: string[] = [];
    const choices: string[] = [];
    const epochs: EpochInfo[] = [];
    let headstart: Headstart | undefined;
    let result: TransferResult | undefined;
    let error: unknown;
    try {
      headstart = await createHeadstart({ backend, plugins, cacheRoot: await mkdtemp(join(root, 'cache-')) });
      result = await headstart.train(
        { target: join(root, 'tones'), out: await mkdtemp(join(root, 'run-')), split: [50, 25, 25] },
        {
          events: {
            warning: (message) => void warnings.push(message),
            epochEnd: (epoch) => void epochs.push(epoch),
            choice: ({ what, value, why }) => void choices.push(`${what} ${value}: ${why}`),
          },
        },
      );
    } catch (thrown) {
      error = thrown;
    }
    return { error, warnings, choices, epochs, headstart, result };
  }

  it('has a row for each way that was tried', () => {
    const numbers = Object.keys(rows).map((title) => Number.parseInt(title, 10));
    expect([...new Set(numbers)]).toEqual(Array.from({ length: 77 }, (_, i) => i + 1));
  });

  it('is not the one that the rows are made from', async () => {
    const before = memory().numTensors;
    const { error, warnings, epochs, result } = await attempt([tonePlugin()]);
    expect(error).toBeUndefined();
    // The plugin's metric stands in the history, epoch by epoch.
    expect(epochs).toHaveLength(tonePhase.epochs);
    for (const { validation } of epochs) expect(validation!['toneError']).toBeCloseTo(1 - validation!['accuracy']!, 12);
    expect(warnings).toEqual([]);
    expect(result!.metrics['test']!['toneError']).toBeCloseTo(1 - result!.metrics['test']!['accuracy']!, 12);
    expect(memory().numTensors).toBe(before);
  });

  for (const [title, { plugins, answer }] of Object.entries(rows)) {
    it(title, async () => {
      const before = memory().numTensors;
      const outcome = await attempt(plugins());
      while (leaked.length > 0) leaked.pop()!.dispose();
      if (!('leaves' in answer)) expect(memory().numTensors).toBe(before);
      const { error } = outcome;
      if ('legal' in answer) {
        expect(error).toBeUndefined();
        await answer.holds?.(outcome);
        return;
      }
      expect(error).toBeInstanceOf(HeadstartError);
      const { code, message, hint } = error as HeadstartError;
      expect({ code, message }).toEqual({ code: answer.code, message: expect.stringMatching(answer.says) as string });
      expect(hint).not.toBe('');
      if (answer.unnamed === undefined) expect(message).toContain(`"${BROKEN}"`);
    });
  }
});
