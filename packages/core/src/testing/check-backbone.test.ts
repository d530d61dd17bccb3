import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SourceDomain } from '../domains/source-domain.ts';
import type { Backbone } from '../network/backbone.ts';
import type { ForwardMode, ModelVariable, Stage } from '../network/stage.ts';
import { checkBackbone } from './check-backbone.ts';

/** The ways in which the network below can break the contract. */
type Flaw =
  | 'none'
  | 'shape'
  | 'leak'
  | 'batch'
  | 'no gradient'
  | 'frozen statistic'
  | 'shared'
  | 'initialise'
  | 'dispose'
  | 'name'
  | 'architecture';

const shared = new Map<string, tf.Variable>();

/** Two dense stages, each with a running mean of its inputs. */
function network(flaw: Flaw): Backbone {
  const own: tf.Variable[] = [];
  const variable = (name: string, shape: number[], role: ModelVariable['role']): ModelVariable => {
    const value =
      (flaw === 'shared' && shared.get(name)) || tf.tidy(() => tf.variable(tf.zeros(shape), role === 'weight'));
    if (flaw === 'shared') shared.set(name, value);
    own.push(value);
    return { name, value, role, decay: false };
  };
  const stage = (name: string, inputs: number, outputs: number): Stage => {
    const kernel = variable(`${name}.kernel`, [inputs, outputs], 'weight');
    const mean = variable(`${name}.mean`, [inputs], 'statistic');
    const unused = flaw === 'no gradient' ? [variable(`${name}.unused`, [2], 'weight')] : [];
    return {
      name: flaw === 'name' ? 'same' : name,
      variables: [kernel, mean, ...unused],
      forward: ({ x }, { training }: ForwardMode) => {
        if (flaw === 'leak') tf.keep(tf.zeros([1]));
        return tf.tidy(() => {
          const average = tf.mean(x!, 0);
          if (training || flaw === 'frozen statistic')
            mean.value.assign(tf.add(tf.mul(mean.value, 0.9), tf.mul(average, 0.1)));
          // A statistic that nothing reads: only the rule on frozen stages can find that it moves.
          const centred = flaw === 'frozen statistic' ? x! : tf.sub(x!, flaw === 'batch' ? average : mean.value);
          return { x: tf.matMul(centred, kernel.value) };
        });
      },
      initialise: (random) => {
        tf.tidy(() =>
          kernel.value.assign(
            tf.tensor(
              Float32Array.from({ length: kernel.value.size }, () => (flaw === 'initialise' ? 1 : random.normal())),
              kernel.value.shape,
            ),
          ),
        );
        tf.tidy(() => mean.value.assign(tf.zeros(mean.value.shape)));
      },
    };
  };
  return {
    architecture: flaw === 'architecture' ? '' : 'test',
    input: { tensors: { x: { shape: [3], dtype: 'float32' } }, preprocessing: {} },
    stages: [stage('a', 3, 4), stage('b', 4, 2)],
    features: [
      {
        name: 'x',
        stage: flaw === 'name' ? 'same' : 'b',
        tensor: 'x',
        shape: [flaw === 'shape' ? 3 : 2],
        kind: 'vector',
      },
    ],
    dispose: () => own.forEach((value, i) => (flaw === 'dispose' && i === 0) || value.isDisposed || value.dispose()),
  };
}

function check(flaw: Flaw): Promise<void> {
  const source = { id: flaw, open: () => Promise.resolve(network(flaw)) } as unknown as SourceDomain;
  return checkBackbone(source, { open: () => Promise.resolve(network(flaw)) });
}

describe('checkBackbone', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  afterEach(() => {
    shared.clear();
    tf.disposeVariables();
  });

  it('accepts a network that keeps the contract', async () => {
    await check('none');
  });

  it.each<[Flaw, RegExp]>([
    ['architecture', /architecture has no name/],
    ['name', /one name: same, same/],
    ['shape', /shape \[2, 2\] where \[2, 3\] is declared/],
    ['leak', /forward leaves tensors behind/],
    ['batch', /depends on the batch/],
    ['no gradient', /unused gets no gradient/],
    ['frozen statistic', /statistic \S+ moved though the stage \S+ is frozen/],
    ['shared', /share the variable/],
    ['initialise', /same value for another stream/],
    ['dispose', /tensors are left after dispose/],
  ])('refuses one with the flaw "%s"', async (flaw, message) => {
    await expect(check(flaw)).rejects.toThrow(message);
  });
});
