import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { attribute, dtypeName, type AttributeValue, type GraphWeight, type NodeDef } from './graph-def.ts';

/** Collects nodes in execution order, and the weights that they use. */
export class GraphBuilder {
  readonly nodes: NodeDef[] = [];
  /** What `Const` nodes hold, by node name; read from the device when the graph is finished. */
  private readonly held = new Map<string, Tensor | { values: Int32Array | Float32Array; shape: readonly number[] }>();
  private readonly names = new Set<string>();
  private readonly shared = new Map<string, string>();

  /** Keeps names for inputs and outputs, which callers address by name. */
  reserve(name: string): void {
    if (!/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(name) || this.names.has(name)) {
      throw new HeadstartError({
        code: 'invalid-option',
        message: `"${name}" cannot name an input or output of an exported graph.`,
        hint: 'Use each name once, out of letters, digits and "_", ".", "/", "-".',
      });
    }
    this.names.add(name);
  }

  /** Adds an operation and returns its name, which also stands for its first output. */
  add(op: string, input: readonly string[], attr: Record<string, AttributeValue> = {}, name = this.unique(op)): string {
    this.nodes.push({ name, op, input: [...input], attr });
    return name;
  }

  /** A small constant such as a shape or an axis. Equal ones share a node. */
  constant(
    values: readonly number[],
    shape: readonly number[] = [values.length],
    dtype: 'int32' | 'float32' = 'int32',
  ): string {
    const key = JSON.stringify([dtype, shape, values.map(String)]);
    const known = this.shared.get(key);
    if (known !== undefined) return known;
    const name = this.unique('constant');
    this.held.set(name, { values: dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), shape });
    this.add('Const', [], constantAttributes(shape, dtype), name);
    this.shared.set(key, name);
    return name;
  }

  scalar(value: number, dtype: 'int32' | 'float32' = 'int32'): string {
    return this.constant([value], [], dtype);
  }

  weight(tensor: Tensor, wantedName: string): string {
    const name = this.unique(wantedName.replace(/[^A-Za-z0-9_./-]/g, '_').replace(/^[./-]/, '_'));
    this.held.set(name, tensor);
    return this.add('Const', [], constantAttributes(tensor.shape, tensor.dtype), name);
  }

  /** The values of all constants, in the order of their nodes. */
  async weights(): Promise<GraphWeight[]> {
    const weights: GraphWeight[] = [];
    for (const [name, held] of this.held) {
      const values = 'values' in held ? held.values : await held.data();
      weights.push({
        name,
        shape: held.shape,
        dtype: values instanceof Int32Array ? 'int32' : values instanceof Float32Array ? 'float32' : 'bool',
        bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      });
    }
    return weights;
  }

  private unique(wanted: string): string {
    let name = wanted;
    for (let n = 1; this.names.has(name); n++) name = `${wanted}_${n}`;
    this.names.add(name);
    return name;
  }
}

/** TensorFlow's name for a type that exported graphs can hold. @throws HeadstartError `not-supported` */
export function requireDtype(dtype: DataType): string {
  const name = dtypeName(dtype);
  if (name !== undefined) return name;
  throw new HeadstartError({
    code: 'not-supported',
    message: `A ${dtype} tensor cannot be exported to a TensorFlow.js graph.`,
    hint: 'Exported graphs hold float32, int32 and bool tensors.',
  });
}

function constantAttributes(shape: readonly number[], dtype: DataType): Record<string, AttributeValue> {
  return { dtype: attribute.type(requireDtype(dtype)), shape: attribute.shape(shape) };
}
