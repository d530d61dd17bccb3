import { describe, expect, it } from 'vitest';
import { encodeOnnx } from './encode-onnx.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { ModelProto } from './onnx-messages.ts';

describe('encodeOnnx', () => {
  it('writes bytes that the format prescribes', () => {
    const graph = new OnnxGraph();
    const x = graph.input({ name: 'x', type: 'float32', shape: ['n', 2] });
    graph.add('Mul', [x, graph.scalar(0.5)], {}, 'y');
    graph.output({ name: 'y', type: 'float32', shape: ['n', 2] });
    // By hand, from field numbers and wire types: number << 3 | type (0 varint, 2 length-delimited).
    const shape = [0x12, 0x09, 0x0a, 0x03, 0x12, 0x01, 0x6e, 0x0a, 0x02, 0x08, 0x02]; // shape { dim { param "n" } dim { value 2 } }
    const port = (name: string) => [
      0x0a,
      0x01,
      name.charCodeAt(0),
      0x12,
      shape.length + 4,
      0x0a,
      shape.length + 2,
      0x08,
      0x01,
      ...shape,
    ];
    const text = (value: string) => [value.length, ...Buffer.from(value)];
    const node = [
      0x0a,
      ...text('x'),
      0x0a,
      ...text('scalar 0.5'),
      0x12,
      ...text('y'),
      0x1a,
      ...text('y'),
      0x22,
      ...text('Mul'),
    ];
    const tensor = [0x10, 0x01, 0x42, ...text('scalar 0.5'), 0x4a, 0x04, 0x00, 0x00, 0x00, 0x3f]; // 0.5 is 0x3f000000
    const part = (field: number, bytes: number[]) => [(field << 3) | 2, bytes.length, ...bytes];
    const whole = [
      ...part(1, node),
      ...part(2, [...Buffer.from('main')]),
      ...part(5, tensor),
      ...part(11, port('x')),
      ...part(12, port('y')),
    ];
    const expected = [
      0x08,
      0x08,
      ...part(2, [...Buffer.from('headstart')]),
      ...part(3, [...Buffer.from('1.2.3')]),
      ...part(7, whole),
      ...part(8, [0x0a, 0x00, 0x10, 0x11]),
    ];
    expect([...encodeOnnx(graph, '1.2.3')]).toEqual(expected);
  });

  it('keeps attributes, types and whole numbers', () => {
    const graph = new OnnxGraph();
    graph.add('Transpose', [graph.integers(3, -1)], {
      perm: { ints: [2, 0, 1] },
      axis: { int: -1 },
      epsilon: { float: 0.25 },
    });
    graph.weight('whole', { shape: [3], values: Int8Array.of(-64, 0, 64) });
    const decoded = ModelProto.toObject(ModelProto.decode(encodeOnnx(graph, '')), { longs: Number }) as {
      graph: {
        node: { attribute: object[] }[];
        initializer: { name: string; dims: number[]; dataType: number; rawData: Uint8Array }[];
      };
    };
    expect(decoded.graph.node[0]!.attribute).toEqual([
      { name: 'perm', type: 7, ints: [2, 0, 1] },
      { name: 'axis', type: 2, i: -1 },
      { name: 'epsilon', type: 1, f: 0.25 },
    ]);
    const [integers, whole] = decoded.graph.initializer;
    expect(integers).toMatchObject({ dims: [2], dataType: 7 });
    expect([...new BigInt64Array(Uint8Array.from(integers!.rawData).buffer)]).toEqual([3n, -1n]);
    expect(whole).toMatchObject({ name: 'whole', dims: [3], dataType: 3 });
    expect([...new Int8Array(whole!.rawData)]).toEqual([-64, 0, 64]);
  });

  it('refuses what a protobuf message cannot hold', () => {
    const graph = new OnnxGraph();
    const values = { byteLength: 2 ** 31 } as Float32Array;
    graph.weight('huge', { shape: [2 ** 29], values });
    expect(() => encodeOnnx(graph, '')).toThrow(/take 2\.0 GiB, but an ONNX file holds less than 2/);
  });
});
