import { describe, expect, it } from 'vitest';
import { checkTopology } from './check-topology.ts';

type Inputs = readonly (readonly unknown[])[];

const layer = (name: unknown, inbound: readonly Inputs[], config: object = {}) => ({
  ...{ class_name: 'Dense', name, config },
  inbound_nodes: inbound,
});
const topology = (...layers: unknown[]) => ({ model_config: { class_name: 'Model', config: { layers } } });
const inner = { layers: [{ class_name: 'Dense', config: { units: 2 } }] };
const input = { ...layer('in', []), class_name: 'InputLayer' };

describe('checkTopology', () => {
  it('takes layers in any order, used twice, and models within', () => {
    const layers = [
      layer('out', [[['twice', 1, 0, {}]]]),
      // A model's own graph is its use 0.
      layer('twice', [[['in', 0, 0, {}]], [['inner', 1, 0, {}]]]),
      layer('inner', [[['in', 0, 0, {}]]], inner),
      input,
    ];
    expect(() => checkTopology(topology(...layers), 'm')).not.toThrow();
    expect(() => checkTopology({ class_name: 'Sequential', config: inner.layers }, 'm')).not.toThrow();
  });

  it('takes a layer that takes nothing where nothing takes from it', () => {
    const layers = [input, layer('idle', []), layer('a', [[['in', 0, 0]]])];
    expect(() => checkTopology(topology(...layers), 'm')).not.toThrow();
  });

  it.each([
    ['a name that is not there', [input, layer('a', [[['no', 0, 0]]])], '"no" gives, which is not there'],
    ['a use that is not there', [input, layer('a', [[['in', 2147483648, 0]]])], 'the use 2147483648 of "in"'],
    ['layers that wait for one another', [input, layer('a', [[['b', 0, 0]]]), layer('b', [[['a', 0, 0]]])], 'waits'],
    [
      'what takes nothing and is no input',
      [input, layer('idle', []), layer('a', [[['idle', 0, 0]]])],
      'the use 0 of "idle"',
    ],
    ['two of a name', [input, input], 'or two have it'],
    ['an input that is none', [input, layer('a', [[[null, 0, 0]]])], '[null,0,0]'],
    ['a setting beyond bounds', [layer('a', [], { units: 2147483647 })], '2147483647'],
    ['what is no layer', [7], '7 is no layer'],
  ])('refuses %s', (_what, layers, message) => {
    const check = () => checkTopology(topology(...layers), 'tfjs:m');
    expect(check).toThrow(expect.objectContaining({ code: 'model-invalid' }));
    expect(check).toThrow(message);
  });
});
