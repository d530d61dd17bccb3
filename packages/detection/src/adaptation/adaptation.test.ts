import '@tensorflow/tfjs';
import {
  add,
  memory,
  reshape,
  scalar,
  setBackend,
  tensor4d,
  tidy,
  variable,
  variableGrads,
  type Rank,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { HEAD, RandomStream, type LossTerm, type Strategy } from '@headstart/core';
import { domainLoss, type DenseNetwork } from '@headstart/core/adaptation';
import type { Backbone, FeatureInfo } from '@headstart/core/network';
import { beforeAll, describe, expect, it } from 'vitest';
import { cellsOf } from '../heads/cells.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { objectDetection } from '../task/object-detection.ts';
import { levelAdversaryTerm, levelCoralTerm, levelStatisticsTerm } from './level-terms.ts';
import { pseudoBoxes } from './pseudo-boxes.ts';

const SIDE = 64;
const backbone = {
  architecture: 'test',
  input: {
    tensors: { image: { shape: [SIDE, SIDE, 3], dtype: 'float32' } },
    preprocessing: {
      height: SIDE,
      width: SIDE,
      order: 'BGR',
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
      interpolation: 'bilinear',
      fit: 'letterbox',
      layout: 'NHWC',
    },
  },
  stages: [{ name: 'a', variables: [{ name: 'mean', role: 'statistic' }] }],
  features: [8, 16, 32].map(
    (stride): FeatureInfo => ({
      name: `c${stride}`,
      stage: 's',
      tensor: `c${stride}`,
      shape: [SIDE / stride, SIDE / stride, 2],
      kind: 'map',
      stride,
    }),
  ),
} as unknown as Backbone;
const labels = ['cat', 'dog'];
const encoder = objectDetection().encoder({ backbone, labels, augmentation: 'none' });
const { count } = cellsOf(backbone);
/** Twice as wide as the input and as high: it lies in the rows 16 to 47 of the input, at half its size. */
const wide = (id: string): DetectionSample => ({
  id,
  digest: id,
  image: { kind: 'file', path: id },
  width: 128,
  height: 64,
  objects: [],
});
const logit = (score: number) => Math.log(score / (1 - score));

beforeAll(() => setBackend('cpu'));

describe('pseudo-boxes', () => {
  const options = { threshold: 0.6, doubt: 0.2 };
  /** What a head says that is as sure as this of boxes in pixels of the input, each in a cell of its own. */
  function outputsOf(pictures: readonly (readonly { xyxy: number[]; label: number; score: number }[])[]) {
    const logits = new Float32Array(pictures.length * count * 2).fill(-20);
    const xyxy = new Float32Array(pictures.length * count * 4);
    pictures.forEach((found, i) =>
      found.forEach((box, cell) => {
        logits[(i * count + cell) * 2 + box.label] = logit(box.score);
        xyxy.set(box.xyxy, 4 * (i * count + cell));
      }),
    );
    return {
      logits: { shape: [pictures.length, count, 2], data: logits },
      xyxy: { shape: [pictures.length, count, 4], data: xyxy },
    };
  }
  const samples = [wide('a'), wide('b'), wide('c')];
  const derived = () =>
    pseudoBoxes(options).derive({
      labels,
      samples: 3,
      encoded: { samples, encoder },
      outputs: outputsOf([
        [
          { xyxy: [10, 21, 30, 36], label: 1, score: 0.9 },
          { xyxy: [11, 21, 30, 36], label: 1, score: 0.8 }, // the same dog
          { xyxy: [40, 26, 56, 46], label: 0, score: 0.4 },
          { xyxy: [40, 20, 44, 24], label: 0, score: 0.1 },
        ],
        [{ xyxy: [10, 21, 30, 36], label: 0, score: 0.59 }],
        [],
      ]),
    });

  it('are what is found in each picture, once each, in pixels of the picture, as sure as doubt asks for', () => {
    const { boxes } = derived();
    expect(boxes).toHaveLength(3 * 64 * 6);
    const rows = (i: number) =>
      Array.from({ length: 3 }, (_, place) => [...boxes!.subarray((64 * i + place) * 6, (64 * i + place + 1) * 6)]);
    // Twice the input's pixels, 16 rows of it above the picture.
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 4) as number);
    expect(rows(0)).toEqual([close([20, 10, 40, 30, 2, 0.9]), close([80, 20, 32, 40, 1, 0.4]), [0, 0, 0, 0, 0, 0]]);
    expect(rows(1)[0]).toEqual(close([20, 10, 40, 30, 1, 0.59]));
    expect(rows(2)[0]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('are objects where they are sure, of unknown content where not, and all of a picture is unknown without a sure one', () => {
    const { boxes } = derived();
    const truthOf = (i: number) =>
      pseudoBoxes(options).truth!(samples[i]!, { boxes: boxes!.subarray(64 * 6 * i, 64 * 6 * (i + 1)) }).objects;
    expect(truthOf(0)).toMatchObject([
      { label: 1, crowd: false, area: expect.closeTo(1200, 2) as number },
      { label: 0, crowd: true },
    ]);
    for (const i of [1, 2]) expect(truthOf(i)).toMatchObject([{ box: [0, 0, 128, 64], crowd: true }]);
  });

  it('are counted for the report, those that are sure', () => {
    expect(pseudoBoxes(options).summary!(derived(), labels)).toBe(
      `1 box in 1 of 3 pictures, of 1 of ${labels.length} classes`,
    );
  });

  it('leave out the cells of what is doubtful, and all cells of a picture without a sure box', () => {
    const { boxes } = derived();
    const counted = (i: number) => {
      const truth = pseudoBoxes(options).truth!(samples[i]!, { boxes: boxes!.subarray(64 * 6 * i, 64 * 6 * (i + 1)) });
      const { cells, objects } = encoder.target({ ...samples[i]!, ...truth } as DetectionSample, { kind: 'plain' });
      const at = (x: number, y: number) =>
        cells!.findIndex((_, k) => k % 4 === 0 && cells![k] === x && cells![k + 1] === y);
      return {
        middle: cells![at(44, 36) + 3],
        outside: cells![at(4, 20) + 3],
        places: objects!.filter((_, k) => k % 5 === 4 && objects![k]! > 0).length,
      };
    };
    expect(counted(0)).toEqual({ middle: 0, outside: 1, places: 1 });
    expect(counted(1)).toEqual({ middle: 0, outside: 0, places: 0 });
  });

  it('are said to be none where none is sure', () => {
    const { boxes } = derived();
    expect(pseudoBoxes(options).remark!({ boxes: boxes! }, [])).toBeUndefined();
    expect(pseudoBoxes({ threshold: 0.95, doubt: 0.2 }).remark!({ boxes: boxes! }, [])).toMatch(
      /^no box in the unlabelled pictures has a score of 0.95 or more/,
    );
  });
});

describe('terms of pyramid levels', () => {
  const levels = [{ name: 'fine' }, { name: 'coarse' }];
  const maps = (fine: number[], coarse: number[]) => ({
    fine: tensor4d(fine, [1, 2, 1, 2]),
    coarse: tensor4d(coarse, [1, 1, 2, 2]),
  });
  const valueOf = (term: LossTerm, layers: object, own: object, others: object) =>
    term.value({
      labelled: { features: own },
      unlabelled: { features: others },
      layers,
      progress: scalar(0.5),
    } as never);

  it('compare means and covariances of cells, the mean over levels', () => {
    const value = tidy(() =>
      valueOf(
        levelCoralTerm({ levels, weight: 3 }),
        {},
        maps([0, 0, 2, 4], [1, 1, 1, 1]),
        maps([1, 2, 1, 2], [1, 1, 1, 3]),
      ).dataSync(),
    );
    // Fine: means (1, 2) twice; covariance [[2, 4], [4, 8]] and none: (4 + 16 + 16 + 64) / 4 = 25.
    // Coarse: means (1, 1) and (1, 2): 1 / 2; covariance none and [[0, 0], [0, 2]]: 4 / 4.
    expect(value[0]).toBeCloseTo((3 * (25 + 1.5)) / 2, 4);
  });

  it('add nothing of statistics', () => {
    const value = tidy(() =>
      valueOf(
        levelStatisticsTerm({ levels }),
        {},
        maps([0, 0, 2, 4], [1, 1, 1, 1]),
        maps([1, 2, 1, 2], [1, 1, 1, 3]),
      ).dataSync(),
    );
    expect(value[0]).toBe(0);
  });

  it('train a discriminator per level, and the maps against it', () => {
    const before = memory().numTensors;
    const term = levelAdversaryTerm({ levels, weight: 2 });
    const info = (name: string): FeatureInfo => ({ name, stage: 's', tensor: name, shape: [2, 1, 2], kind: 'map' });
    const layers = term.layers!({
      features: { fine: info('fine'), coarse: info('coarse') },
      embedding: 0,
      labels,
    }) as Record<string, DenseNetwork>;
    expect(Object.keys(layers)).toEqual(['fine', 'coarse']);
    for (const [name, layer] of Object.entries(layers)) layer.initialise(new RandomStream(name));
    tidy(() => {
      const own = {
        fine: variable(tensor4d([0.3, -1, 2, 4], [1, 2, 1, 2])),
        coarse: variable(tensor4d([1, 2, 0, 1], [1, 1, 2, 2])),
      };
      const others = maps([1, 2, 1, -2], [1, 3, 1, 3]);
      const rows = (map: Tensor) => reshape<Rank.R2>(map, [-1, 2]);
      const plain = () =>
        (['fine', 'coarse'] as const)
          .map((name) => domainLoss(layers[name]!.forward(rows(own[name])), layers[name]!.forward(rows(others[name]))))
          .reduce((sum, each) => add(sum, each));
      const [reversed, straight] = [() => valueOf(term, layers, own, others), plain].map((loss) => variableGrads(loss));
      // Twice the mean over two levels is their sum.
      expect(reversed!.value.dataSync()[0]).toBeCloseTo(straight!.value.dataSync()[0]!, 5);
      const scale = 2 / (1 + Math.exp(-5)) - 1;
      for (const [name, gradient] of Object.entries(straight!.grads)) {
        const ofMap = Object.values(own).some((map) => map.name === name);
        const expected = gradient.dataSync().map((value) => (ofMap ? -scale * value : value));
        reversed!.grads[name]!.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
      }
      Object.values(own).forEach((map) => map.dispose());
    });
    for (const { variables } of Object.values(layers)) for (const { value } of variables) value.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

describe('strategies of detection', () => {
  const { adaptation } = objectDetection();
  const stages = ['a', 'b'].map((name) => ({ name, parameters: 1 }));
  const named = (name: string): Strategy => {
    const [id, ...options] = name.split(':');
    const found = adaptation!.strategies.find((strategy) => strategy.id === id)!;
    return options.length > 0 ? found.withOptions!(options.join(':')) : found;
  };
  const planned = (name: string, epochs = 9) => named(name).plan(stages, { epochs }, undefined, backbone);

  it('train the whole network in the budget of epochs, and ask for the maps of the levels', () => {
    for (const { id } of adaptation!.strategies) {
      for (const epochs of [2, 3, 9, 20]) {
        const phases = planned(id, epochs);
        expect(phases.reduce((sum, phase) => sum + phase.epochs, 0)).toBe(epochs);
        for (const phase of phases) {
          expect(phase.epochs).toBeGreaterThan(0);
          expect(Object.keys(phase.trainable)).toEqual(['a', 'b', HEAD]);
          expect(phase.trainable['a']! * phase.optimiser.learningRate).toBeCloseTo(3e-4, 9);
        }
        expect(phases.some(({ losses = [] }) => losses.some(({ needs }) => needs.unlabelled))).toBe(true);
      }
    }
    for (const id of ['dann', 'coral', 'adabn'])
      expect(planned(id)[0]!.losses![0]!.needs.features).toEqual(['c8', 'c16', 'c32']);
  });

  it('have as many rounds as the epochs leave room for, and refuse more that are asked for', () => {
    expect(planned('self-training', 4).map(({ epochs }) => epochs)).toEqual([2, 1, 1]);
    expect(() => planned('self-training:rounds=3', 4)).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        hint: 'Give --epochs 6 or more, or rounds=2 or fewer.',
      }) as Error,
    );
  });

  it('learn from labelled pictures first, then in rounds, beside the terms that are asked for', () => {
    const phases = planned('self-training:rounds=2,with=dann+coral', 10);
    expect(phases.map(({ name, epochs }) => `${name}: ${epochs}`)).toEqual([
      'labelled: 5',
      'round 1/2: 2',
      'round 2/2: 3',
    ]);
    expect(phases.map(({ losses = [] }) => losses.map(({ name }) => name))).toEqual([
      ['dann', 'coral'],
      ['self-training', 'dann', 'coral'],
      ['self-training', 'dann', 'coral'],
    ]);
    // One object each: the layers of a term live on from phase to phase.
    expect(phases[1]!.losses![1]).toBe(phases[0]!.losses![0]);
    expect(phases.map(({ derived }) => derived !== undefined)).toEqual([false, true, true]);
  });

  it.each([
    ['self-training:threshold=1', 'threshold=1'],
    ['self-training:threshold=0', 'threshold=0'],
    ['self-training:threshold=0.3,doubt=0.4', 'doubt is not to be above threshold'],
    ['self-training:rounds=0', 'rounds=0'],
    ['self-training:with=mcc', 'with=mcc: with takes dann, coral, with + between them'],
    ['dann:weight=0', 'weight=0'],
    ['adabn:with=dann', 'with'],
  ])('%s is refused', (name, message) => {
    expect(() => named(name)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    expect(() => named(name)).toThrow(message);
  });

  it('refuses statistics of a network that has none', () => {
    const folded = { ...backbone, stages: [{ name: 'a', variables: [{ name: 'kernel', role: 'weight' }] }] } as never;
    expect(() => named('adabn').plan(stages, { epochs: 2 }, undefined, folded)).toThrow(
      expect.objectContaining({ code: 'not-supported' }),
    );
  });

  it('refuses to train itself in one epoch', () => {
    expect(() => planned('self-training', 1)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });
});
