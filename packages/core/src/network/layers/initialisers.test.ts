import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../random/random-stream.ts';
import { modelVariable } from '../layer.ts';
import { constant, glorotUniform, heNormal, normal, type Initialiser } from './initialisers.ts';

beforeAll(() => setBackend('cpu'));

const COUNT = 20_000;

function drawn(initialiser: Initialiser, name = 'kernel'): Float32Array {
  const variable = modelVariable(name, [COUNT], { role: 'weight', decay: true });
  initialiser(variable, new RandomStream(5));
  const values = variable.value.dataSync<'float32'>();
  variable.value.dispose();
  return values;
}

/** The root of the mean square; of n normal numbers it is off by about 1 / sqrt(2 n) of itself, 0.5 % here. */
const spread = (values: Float32Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

describe('initialisers', () => {
  it('heNormal has the variance 2 / fanIn, normal the deviation that is given', () => {
    expect(spread(drawn(heNormal(8))) / 0.5).toBeCloseTo(1, 1);
    expect(spread(drawn(normal(0.02))) / 0.02).toBeCloseTo(1, 1);
  });

  it('glorotUniform stays within sqrt(6 / (fanIn + fanOut)) and reaches it', () => {
    const values = drawn(glorotUniform(10, 14)); // the limit is 1/2
    expect(Math.max(...values)).toBeLessThanOrEqual(0.5);
    expect(Math.max(...values)).toBeGreaterThan(0.499);
    expect(Math.min(...values)).toBeLessThan(-0.499);
  });

  it("draw from the stream's child of the variable's name, which is not moved itself", () => {
    const stream = new RandomStream(5).child('kernel');
    expect([...drawn(normal(1)).slice(0, 3)]).toEqual([1, 2, 3].map(() => Math.fround(stream.normal())));
    expect(drawn(normal(1), 'other')[0]).not.toBe(drawn(normal(1))[0]);
  });

  it('constant fills', () => {
    expect(new Set(drawn(constant(0.25)))).toEqual(new Set([0.25]));
  });
});
