import type { OnnxGraph, OnnxValues } from './onnx-graph.ts';

/** `[batch, height, width, channels]` as `[batch, channels, height, width]`, and back. */
const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

/** An input of a kernel: its name in the graph, and its sizes in one of the traces. */
export interface MapInput {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * A graph whose images have their channels last, as in TensorFlow.js, while operations on images have them first, as ONNX
 * wants it. A value of four axes that such an operation gave is known by both names, so that operations in a row need no
 * transposition between them; what nobody asks for is pruned.
 */
export class ImageMaps {
  /** By the name of the value with its channels last. */
  readonly #channelsFirst = new Map<string, string>();

  constructor(readonly graph: OnnxGraph) {}

  /** The value with its channels first. */
  channelsFirst(name: string): string {
    const known = this.#channelsFirst.get(name);
    if (known !== undefined) return known;
    const added = this.permuted({ name, shape: [] }, TO_CHANNELS_FIRST);
    this.#channelsFirst.set(name, added);
    return added;
  }

  /** The name with channels last of a value that has them first. */
  channelsLast(first: string): string {
    const name = this.graph.add('Transpose', [first], { perm: { ints: TO_CHANNELS_LAST } });
    this.#channelsFirst.set(name, first);
    return name;
  }

  /** Whether an operation on images gave it. */
  isMap(name: string): boolean {
    return this.#channelsFirst.has(name);
  }

  /** What an operation makes of its inputs element by element, with channels first where one of them is so already. */
  elementwise(inputs: readonly MapInput[], build: (names: readonly string[]) => string): string {
    const first = inputs.some(({ name }) => this.isMap(name)) ? inputs.map((input) => this.#broadcast(input)) : [];
    const known = first.filter((name) => name !== undefined);
    return known.length > 0 && known.length === inputs.length
      ? this.channelsLast(build(known))
      : build(inputs.map(({ name }) => name));
  }

  /** What is broadcast to an image with its channels first; undefined where that cannot be said beforehand. */
  #broadcast({ name, shape }: MapInput): string | undefined {
    if (shape.length === 4 && !this.graph.constants.has(name)) return this.channelsFirst(name);
    if (shape.every((size) => size === 1)) return name;
    const constant = this.graph.constants.get(name);
    if (!constant || shape.length > 4) return undefined;
    const full = [...new Array<number>(4 - shape.length).fill(1), ...shape];
    const sizes = TO_CHANNELS_FIRST.map((axis) => full[axis]!);
    // Without leading ones: what is added to each channel is known by its shape [channels, 1, 1].
    const leading = sizes.findIndex((size) => size !== 1);
    const permuted = this.permuted({ name, shape: full }, TO_CHANNELS_FIRST);
    return this.reshaped(permuted, sizes.slice(leading));
  }

  /** The value with its axes in another order; of a constant a constant. */
  permuted({ name, shape }: MapInput, order: readonly number[]): string {
    const constant = this.graph.constants.get(name);
    if (!constant) return this.graph.add('Transpose', [name], { perm: { ints: order } });
    const from = shape.length > 0 ? shape : constant.shape;
    const values = permuteValues(constant.values, from, order);
    return this.#derived(`${name}:${order.join('')}`, { shape: order.map((axis) => from[axis]!), values });
  }

  /** The value in another shape; of a constant a constant. */
  reshaped(name: string, shape: readonly number[]): string {
    const constant = this.graph.constants.get(name);
    if (!constant) return this.graph.add('Reshape', [name, this.graph.integers(...shape)]);
    if (constant.shape.join() === shape.join()) return name;
    return this.#derived(`${name}:${shape.join('x')}`, { shape, values: constant.values });
  }

  #derived(name: string, tensor: { shape: readonly number[]; values: OnnxValues }): string {
    return this.graph.constants.has(name) ? name : this.graph.weight(name, tensor);
  }
}

/** The axis of an image with channels first that has this place with channels last. */
export function axisOfChannelsFirst(axis: number): number {
  return TO_CHANNELS_FIRST.indexOf(axis < 0 ? axis + 4 : axis);
}

/** Four values, one per axis with channels last, in the order with channels first. */
export function inChannelsFirst<T>(values: readonly T[]): T[] {
  return TO_CHANNELS_FIRST.map((axis) => values[axis]!);
}

/** Row-major values whose axes come in another order. */
function permuteValues(values: OnnxValues, shape: readonly number[], order: readonly number[]): OnnxValues {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = values.slice();
  const place = new Array<number>(order.length).fill(0);
  let from = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = values[from]!;
    for (let axis = place.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++place[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      place[axis] = 0;
    }
  }
  return result;
}
