import { tensor2d } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportedModel, Exporter } from '../../export/exporter.ts';
import { OnnxGraph } from '../../export/onnx/onnx-graph.ts';
import { onnxExporter } from '../../export/onnx/onnx-exporter.ts';
import type { Backbone } from '../../network/backbone.ts';
import type { Backend } from '../../ports/backend.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { plainBackend } from '../../testing/plain-backend.ts';
import { pointTask } from '../../testing/point-domain.ts';
import { pointSource } from '../../testing/point-net.ts';
import { chooseInference, type InferenceChoice } from './choose-inference.ts';
import { findOnnxruntime } from './onnx-thread.ts';
import { difference } from './same-outputs.ts';

let backend: Backend;
let backbone: Backbone;
let model: ExportedModel;
beforeAll(async () => {
  backend = await plainBackend();
  backbone = await pointSource.open({} as never, { weights: 'published' });
  const labels = ['a', 'b'];
  model = {
    task: pointTask,
    labels,
    backbone,
    head: pointTask.buildHead(backbone, labels, new RandomStream('head')),
    encoder: pointTask.encoder({ backbone, labels, augmentation: 'none' }),
    headstart: '0.1.0',
  };
});
afterAll(() => {
  for (const { value } of model.head.variables) value.dispose();
  backbone.dispose();
});

const choose = (
  choice: InferenceChoice,
  { exporters = [onnxExporter], on = backend }: { exporters?: readonly Exporter[]; on?: Backend } = {},
) => chooseInference(choice, model, { backend: on, exporters });

const points = { size: 3, inputs: { point: Float32Array.of(0.5, -1, 2, 0.25, -0.75, 1) } };

/** An exporter whose networks compute something else: the logits, and a tenth more. */
const wrong: Exporter = {
  ...onnxExporter,
  async network(exported) {
    const { graph } = await onnxExporter.network!(exported);
    const other = new OnnxGraph();
    for (const port of graph.inputs) other.input(port);
    for (const [name, tensor] of graph.constants) other.weight(name, tensor);
    for (const { op, inputs, outputs, attributes } of graph.nodes)
      other.add(op, inputs, attributes, outputs[0] === 'logits' ? 'right' : outputs[0]!);
    other.add('Add', ['right', other.scalar(0.1)], {}, 'logits');
    for (const port of graph.outputs) other.output(port);
    return { graph: other };
  },
};

describe('what computes predictions', () => {
  it('is the backend, or onnxruntime with the same answers, also for several calls at once', async () => {
    const own = await choose('backend');
    expect(own.engine).toBe(backend.name);
    for (const choice of ['auto', 'onnxruntime'] as const) {
      const other = await choose(choice);
      expect(other.engine).toBe(`onnxruntime ${findOnnxruntime()!.version}`);
      expect(await difference(other.inference, own.inference, points)).toBeUndefined();
      const together = await Promise.all([1, 2, 3].map(() => other.inference.run(points)));
      const logits = await Promise.all(together.map((outputs) => outputs['logits']!.array()));
      expect(logits).toEqual([logits[0], logits[0], logits[0]]);
      for (const outputs of together) outputs['logits']!.dispose();
      other.inference.dispose();
      await expect(other.inference.run(points)).rejects.toMatchObject({
        code: 'backend-failed',
        message: expect.stringContaining('disposed of') as string,
      });
    }
    own.inference.dispose();
  });

  it.each<[string, { exporters?: readonly Exporter[]; on?: () => Backend }, RegExp]>([
    ['a GPU', { on: () => ({ ...backend, device: 'gpu' }) }, /on a GPU/],
    ['a network that is written wrongly', { exporters: [wrong] }, /"logits" is 0\.\d+ of its greatest value apart/],
    [
      'an exporter that gives no network alone',
      { exporters: [{ ...onnxExporter, network: undefined }] },
      /no network alone/,
    ],
    ['no exporter to ONNX', { exporters: [] }, /no export format "onnx"/],
    [
      'a network that cannot be traced',
      { exporters: [{ ...onnxExporter, network: () => Promise.reject(new TypeError('no such axis')) }] },
      /no such axis/,
    ],
  ])('is the backend with %s, by itself, and says why', async (_, { exporters, on }, reason) => {
    const chosen = await choose('auto', { exporters, on: on?.() });
    expect(chosen).toMatchObject({ engine: backend.name, reason: expect.stringMatching(reason) as string });
    chosen.inference.dispose();
  });

  it('refuses onnxruntime where it was asked for and computes otherwise', async () => {
    await expect(choose('onnxruntime', { exporters: [wrong] })).rejects.toMatchObject({
      code: 'not-supported',
      hint: expect.stringContaining('--inference backend') as string,
    });
  });

  it('says what onnxruntime says of a graph that it cannot run, and of a run that fails', async () => {
    const broken: Exporter = {
      ...onnxExporter,
      async network() {
        const graph = new OnnxGraph();
        const x = graph.input({ name: 'point', type: 'float32', shape: ['n', 2] });
        graph.add('NoSuchOperation', [x], {}, 'logits');
        graph.output({ name: 'logits', type: 'float32', shape: ['n', 2] });
        return { graph };
      },
    };
    await expect(choose('onnxruntime', { exporters: [broken] })).rejects.toMatchObject({
      code: 'not-supported',
      message: expect.stringContaining('NoSuchOperation') as string,
    });
    const { inference } = await choose('onnxruntime');
    const missing = inference.run({ ...points, specs: { nothing: { shape: [2], dtype: 'float32' } } });
    await expect(missing).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringContaining('point') as string,
    });
    inference.dispose();
  });
});

describe('difference', () => {
  it('is none below a thousandth, and one where a number is none, a shape is another or an output is missing', async () => {
    const giving = (values: number[] | undefined) => ({
      run: async () => (values ? { y: tensor2d([values]) } : {}) as never,
      dispose: () => {},
    });
    const between = (a: number[] | undefined, b: number[]) => difference(giving(a), giving(b), points);
    expect(await between([100, 1], [100.09, 1])).toBeUndefined();
    expect(await between([100, 1], [100.2, 1])).toMatch(/"y" is 0\.00\d+ of its greatest value apart/);
    expect(await between([NaN, 1], [1, 1])).toMatch(/NaN/);
    expect(await between([1, 1, 1], [1, 1])).toMatch(/NaN/);
    expect(await between(undefined, [1, 1])).toMatch(/NaN/);
  });
});
