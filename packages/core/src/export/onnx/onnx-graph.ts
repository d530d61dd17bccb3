/** Values of a constant, row-major; their type is the tensor's. */
export type OnnxValues = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

/** A constant of a graph. */
export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly values: OnnxValues;
}

export type ElementType = 'float32' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool';

/** What goes in or comes out. A size that is open has a name: `batch_size`. */
export interface OnnxPort {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** A whole number, a list of whole numbers, a real number, or a word. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly float: number };

/** An operation: `op` is its type in ONNX. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** Puts an ONNX graph together: each method gives the name of the value that it adds. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly constants = new Map<string, OnnxTensor>();
  readonly inputs: OnnxPort[] = [];
  readonly outputs: OnnxPort[] = [];
  readonly #counts = new Map<string, number>();

  /** @param prefix of the values that it names */
  constructor(private readonly prefix = '') {}

  input(port: OnnxPort): string {
    this.inputs.push(port);
    return port.name;
  }

  /** Offers a value under its own name: one that `add` was given. */
  output(port: OnnxPort): void {
    this.outputs.push(port);
  }

  /** @param name of the output; numbered by operation where absent */
  add(op: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}, name = this.#unused(op)): string {
    this.nodes.push({ op, inputs, outputs: [name], attributes });
    return name;
  }

  /** An operation with several outputs. */
  addMany(op: string, inputs: readonly string[], count: number, attributes: OnnxNode['attributes'] = {}): string[] {
    const name = this.#unused(op);
    const outputs = Array.from({ length: count }, (_, i) => `${name}:${i}`);
    this.nodes.push({ op, inputs, outputs, attributes });
    return outputs;
  }

  weight(name: string, tensor: OnnxTensor): string {
    this.constants.set(name, tensor);
    return name;
  }

  /** A constant number. */
  scalar(value: number): string {
    return this.#constant(`scalar ${value}`, { shape: [], values: Float32Array.of(value) });
  }

  /** Constant numbers as a vector. */
  numbers(...values: number[]): string {
    return this.#constant(`numbers ${values.join(',')}`, { shape: [values.length], values: Float32Array.from(values) });
  }

  /** In place of an input that is left out. */
  none(): string {
    return '';
  }

  /** Constant whole numbers as a vector: axes, shapes. */
  integers(...values: number[]): string {
    return this.#constant(`integers ${values.join(',')}`, {
      shape: [values.length],
      values: BigInt64Array.from(values, BigInt),
    });
  }

  /** A constant whole number without axes: an index that leaves no axis behind. */
  integer(value: number): string {
    return this.#constant(`integer ${value}`, { shape: [], values: BigInt64Array.of(BigInt(value)) });
  }

  cast(value: string, type: number): string {
    return this.add('Cast', [value], { to: { int: type } });
  }

  /** Leaves out the nodes and constants that no output needs. */
  prune(): void {
    const needed = new Set(this.outputs.map(({ name }) => name));
    // A node's inputs come before it, so one pass from the end meets each that is needed.
    const kept = this.nodes.toReversed().filter(({ inputs, outputs }) => {
      if (!outputs.some((name) => needed.has(name))) return false;
      for (const name of inputs) needed.add(name);
      return true;
    });
    this.nodes.splice(0, this.nodes.length, ...kept.reverse());
    for (const name of this.constants.keys()) if (!needed.has(name)) this.constants.delete(name);
  }

  #constant(name: string, tensor: OnnxTensor): string {
    if (!this.constants.has(name)) this.constants.set(name, tensor);
    return name;
  }

  #unused(op: string): string {
    const count = this.#counts.get(op) ?? 0;
    this.#counts.set(op, count + 1);
    return `${this.prefix}${op}_${count}`;
  }
}
