import '@tensorflow/tfjs';
import {
  cast,
  div,
  expandDims,
  matMul,
  maximum,
  memory,
  mul,
  reshape,
  setBackend,
  squeeze,
  sum,
  tanh,
  tensor,
  tidy,
  variable,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../random/random-stream.ts';
import { checkBackbone } from '../../testing/check-backbone.ts';
import type { Backbone, InputSpec } from '../backbone.ts';
import { normal } from '../layers/initialisers.ts';
import { lookUp } from '../layers/look-up.ts';
import { runStages } from '../run-stages.ts';
import type { Tensors } from '../tensors.ts';
import { nodesBetween } from './cut-points.ts';
import { networkBackbone, type NetworkBackboneOptions } from './network-backbone.ts';
import type { Network, NetworkNode, NetworkVariable } from './network.ts';

beforeAll(() => setBackend('cpu'));
let tensors: number | undefined;
afterEach(() => {
  tensors ??= memory().numTensors;
  expect(memory().numTensors).toBe(tensors);
});

const [WORDS, WIDTH, LAYERS, LENGTH, CLASSES] = [7, 4, 5, 5, 3];
const [IDS, MASK, SHOWN, EMBED, FIRST] = [0, 1, 2, 3, 4];
const POOL = FIRST + LAYERS;

const INPUT: InputSpec = {
  tensors: {
    ids: { shape: [LENGTH], dtype: 'int32', below: WORDS },
    mask: { shape: [LENGTH], dtype: 'int32', below: 2 },
  },
  preprocessing: {},
};

/** A product of each row of `[batch, length, width]` with a kernel `[width, width]`, where the mask shows the row. */
function mix(x: Tensor, shown: Tensor, kernel: Tensor): Tensor {
  const [batch, length] = x.shape as [number, number];
  const rows = matMul(reshape(mul(x, shown), [batch * length, WIDTH]), kernel as never);
  return tanh(reshape(rows, [batch, length, WIDTH]));
}

/** The mean of the rows that the mask shows, `[batch, width]`. */
function average(x: Tensor, shown: Tensor): Tensor {
  return div(sum(mul(x, shown), 1), maximum(squeeze(sum(shown, 1, true), [2]), 1));
}

/**
 * A network of texts as another program would hold it: ids and mask go in; words, layers that each take the mask, the
 * mean over the words, and a classifier come out.
 */
function textNetwork({ carried = true } = {}): Network {
  const own = (name: string, shape: number[]): NetworkVariable => ({
    name,
    role: 'weight',
    decay: true,
    initialiser: normal(1),
    value: tidy(() => variable(zeros(shape))),
  });
  const node = (
    name: string,
    inputs: number[],
    variables: NetworkVariable[] = [],
    classifies = false,
  ): NetworkNode => ({
    name,
    operation: name,
    inputs,
    variables,
    single: true,
    classifies,
  });
  const nodes = [
    node('ids', []),
    node('mask', []),
    node('shown', [MASK]),
    node('embed', [IDS], [own('table', [WORDS, WIDTH])]),
    ...Array.from({ length: LAYERS }, (_, i) =>
      node(`layer${i}/mix`, [i === 0 ? EMBED : FIRST + i - 1, SHOWN], [own(`kernel${i}`, [WIDTH, WIDTH])]),
    ),
    node('pool', [POOL - 1, SHOWN]),
    node('classifier', [POOL], [own('classes', [WIDTH, CLASSES])], true),
  ];
  const compute = (at: number, of: (input: number) => Tensor): Tensor => {
    const { inputs, variables } = nodes[at]!;
    const value = variables[0]?.value as Tensor;
    if (at === SHOWN) return expandDims(cast(of(MASK), 'float32'), 2);
    if (at === EMBED) return lookUp(value, of(IDS));
    if (at < POOL) return mix(of(inputs[0]!), of(SHOWN), value);
    return at === POOL ? average(of(POOL - 1), of(SHOWN)) : matMul(of(POOL) as never, value as never);
  };
  return {
    nodes,
    inputs: [
      { node: IDS, name: 'ids', shape: [null], dtype: 'int32' },
      { node: MASK, name: 'mask', shape: [null], dtype: 'int32', carried },
    ],
    output: nodes.length - 1,
    digest: 'texts',
    assets: {},
    run: (given, to) =>
      tidy(() => {
        const values = new Map(given);
        for (const at of nodesBetween(nodes, [...given.keys()], to))
          values.set(
            at,
            compute(at, (n) => values.get(n)!),
          );
        return to.map((at) => values.get(at)!);
      }),
    dispose() {},
  };
}

function open(network: Network, options: Partial<NetworkBackboneOptions<unknown>> = {}): Backbone {
  return networkBackbone(network, {
    format: 'test/1',
    input: INPUT,
    from: 'the model',
    layerOption: 'test:<path>#layer=<name>',
    ...options,
  });
}

const initialise = (backbone: Backbone) => {
  for (const stage of backbone.stages) stage.initialise(new RandomStream(3).child(stage.name));
};

/** Two texts of three words, the second one a word shorter. */
const texts = (): Tensors => ({
  ids: tensor([1, 2, 3, 4, 5, 0], [2, 3], 'int32'),
  mask: tensor([1, 1, 1, 1, 1, 0], [2, 3], 'int32'),
});

describe('a network of two inputs as a backbone', () => {
  it('has stages where one tensor crosses beside the carried input', () => {
    const backbone = open(textNetwork(), { sequences: true });
    // Four kernels to a stage: the table and three layers, the other two, the mean.
    expect(backbone.stages.map(({ name, variables }) => [name, variables.map((each) => each.name)])).toEqual([
      ['layer2/mix', ['table', 'kernel0', 'kernel1', 'kernel2']],
      ['layer4/mix', ['kernel3', 'kernel4']],
      ['pool', []],
    ]);
    expect(backbone.features.map(({ name, tensor, shape, kind }) => [name, tensor, shape, kind])).toEqual([
      ['layer2/mix', 'sequence', [LENGTH, WIDTH], 'sequence'],
      ['layer4/mix', 'sequence', [LENGTH, WIDTH], 'sequence'],
      ['pool', 'pooled', [WIDTH], 'vector'],
    ]);
    expect(backbone.architecture).toBe(`test/1:texts:pool:${LENGTH}+${LENGTH}`);
    backbone.dispose();
  });

  it('computes what the network computes, for texts of another length, and hands on the mask', () => {
    const network = textNetwork();
    const backbone = open(network);
    initialise(backbone);
    const [actual, expected, mask] = tidy(() => {
      const inputs = texts();
      const values = new Map([
        [IDS, inputs['ids']!],
        [MASK, inputs['mask']!],
      ]);
      return [
        runStages(backbone.stages, inputs)['pooled']!.arraySync(),
        network.run(values, [POOL], { training: false })[0]!.arraySync(),
        runStages(backbone.stages.slice(0, 2), inputs)['mask']!.arraySync(),
      ];
    });
    expect(actual).toEqual(expected);
    expect((actual as number[][]).flat().every((value) => value !== 0)).toBe(true);
    expect(mask).toEqual([
      [1, 1, 1],
      [1, 1, 0],
    ]);
    backbone.dispose();
  });

  it('keeps what every source must keep', async () => {
    const source = { id: 'texts', modality: 'text' as const, card: {} as never, open: async () => open(textNetwork()) };
    await checkBackbone(source, { open: source.open });
  });

  it('is one stage where the mask is not carried', () => {
    const backbone = open(textNetwork({ carried: false }));
    expect(backbone.stages.map(({ name }) => name)).toEqual(['pool']);
    backbone.dispose();
  });

  it('refuses a sequence as the feature unless its caller pools it', () => {
    const network = textNetwork();
    expect(() => open(network, { layer: 'layer1/mix' })).toThrow(
      expect.objectContaining({
        code: 'not-supported',
        message: 'The feature "layer1/mix" of the model has the shape [batch, 5, 4].',
        hint: expect.stringContaining('test:<path>#layer=<name>') as string,
      }),
    );
    const backbone = open(network, { layer: 'layer1/mix', sequences: true });
    expect(backbone.features).toMatchObject([{ kind: 'sequence', shape: [LENGTH, WIDTH] }]);
    backbone.dispose();
  });

  it('names the nearest layer for one that is not there, and takes no input for one', () => {
    const network = textNetwork();
    for (const [layer, hint] of [
      ['layer1/mx', /Did you mean "layer1\/mix"/],
      ['mask', /The last ones are/],
    ] as const)
      expect(() => open(network, { layer })).toThrow(
        expect.objectContaining({ code: 'invalid-option', hint: expect.stringMatching(hint) as string }),
      );
    open(network).dispose();
  });
});
