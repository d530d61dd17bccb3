import { describe, expect, it } from 'vitest';
import { OnnxGraph } from '@headstart/core/export';
import { quantise } from './quantise.ts';

/** `y = table[ids] · kernel`, twice, and a product that is kept. */
function graphOf(): OnnxGraph {
  const graph = new OnnxGraph();
  const ids = graph.input({ name: 'ids', type: 'int64', shape: ['n'] });
  const table = graph.weight('table', { shape: [3, 2], values: Float32Array.of(1, -2, 0, 0, 127, 63.5) });
  const x = graph.add('Gather', [table, ids]);
  const kernel = graph.weight('kernel', { shape: [2, 3], values: Float32Array.of(0.5, -8, 0, 1, 4, 0) });
  const [a, b] = [graph.add('MatMul', [x, kernel]), graph.add('MatMul', [x, kernel])];
  const sum = graph.add('Add', [a, b]);
  graph.add('MatMul', [sum, graph.weight('head.weight', { shape: [3, 1], values: Float32Array.of(1, 2, 3) })], {}, 'y');
  graph.output({ name: 'y', type: 'float32', shape: ['n', 1] });
  return graph;
}

const quantised = () => quantise(graphOf(), { keep: (name) => name.startsWith('head.') });

describe('quantise', () => {
  it('gives each column of a kernel a scale that brings its largest magnitude to 64', () => {
    const { constants } = quantised();
    expect([...constants.get('kernel_scale')!.values]).toEqual([1 / 64, 8 / 64, 1]);
    expect([...constants.get('kernel_quantized')!.values]).toEqual([32, -64, 0, 64, 32, 0]);
    expect([...constants.get('kernel_zero_point')!.values]).toEqual([0, 0, 0]);
  });

  it('gives each row of a table a scale that brings its largest magnitude to 127', () => {
    const { constants } = quantised();
    expect(constants.get('table_scale')).toEqual({ shape: [3, 1], values: Float32Array.of(2 / 127, 1, 1) });
    expect([...constants.get('table_quantized')!.values]).toEqual([64, -127, 0, 0, 127, 64]); // halves round up
  });

  it('quantises an activation once for all its products and leaves what is kept as it is', () => {
    const { nodes, constants } = quantised();
    const count = (op: string) => nodes.filter((node) => node.op === op).length;
    expect(count('DynamicQuantizeLinear')).toBe(1);
    expect(count('MatMulInteger')).toBe(2);
    expect(nodes.filter(({ op }) => op === 'MatMul').map(({ inputs }) => inputs[1])).toEqual(['head.weight']);
    expect(constants.has('head.weight')).toBe(true);
    for (const replaced of ['kernel', 'table']) expect(constants.has(replaced)).toBe(false);
  });

  it('divides what stands out among the numbers that a product takes in and multiplies its row of the weight', () => {
    const wide = new OnnxGraph();
    const x = wide.input({ name: 'x', type: 'float32', shape: ['n', 3] });
    for (const name of ['a', 'b'])
      wide.add(
        'MatMul',
        [x, wide.weight(`${name}.weight`, { shape: [3, 2], values: Float32Array.of(1, 2, 8, 4, 0.5, -1) })],
        {},
        name,
      );
    const { nodes, constants } = quantise(wide, { keep: () => false, magnitudes: () => Float32Array.of(1, 16, 0.5) });
    // The middle magnitude is 1, twice that is let be: 16 is divided by 8.
    expect(
      nodes
        .map(({ op }) => op)
        .filter((op) => ['Mul', 'DynamicQuantizeLinear'].includes(op))
        .slice(0, 2),
    ).toEqual(['Mul', 'DynamicQuantizeLinear']);
    expect(nodes.filter(({ op }) => op === 'DynamicQuantizeLinear')).toHaveLength(1);
    expect([...constants.get('x_factors')!.values]).toEqual([1, 1 / 8, 1]);
    expect([...constants.get('a.weight_scale')!.values]).toEqual([1, 0.5]);
    expect([...constants.get('b.weight_quantized')!.values]).toEqual([1, 4, 64, 64, 1, -2]); // halves round up
  });

  it('adds nothing where no number stands out', () => {
    const even = quantise(graphOf(), {
      keep: () => false,
      magnitudes: (name) => (name === 'kernel' ? Float32Array.of(1, 2) : undefined),
    });
    const plain = quantise(graphOf(), { keep: () => false });
    expect(even.nodes).toEqual(plain.nodes);
  });

  it('makes each value before it is used, once, and all outputs', () => {
    const { nodes, constants, inputs, outputs } = quantised();
    const known = new Set([...constants.keys(), ...inputs.map(({ name }) => name)]);
    for (const node of nodes) {
      for (const input of node.inputs) expect(known).toContain(input);
      for (const output of node.outputs) {
        expect(known).not.toContain(output);
        known.add(output);
      }
    }
    for (const { name } of outputs) expect(known).toContain(name);
  });
});
