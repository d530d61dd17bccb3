import type { ReducedPrecision } from '@headstart/core/backend';
import { graphSetters, setAttribute, type AttributeSetters, type OpAttribute } from '../libtensorflow/attributes.ts';
import { outputArray, type GraphOutput, type Pointer } from '../libtensorflow/c-api.ts';
import { AttrType, DataType } from '../libtensorflow/data-types.ts';
import type { TensorFlowLibrary } from '../libtensorflow/library.ts';
import { allocateNumbers, numericView, type TensorValues } from '../libtensorflow/tensor-data.ts';
import { readOpDefinition, type OpDefinition } from './op-definition.ts';
import { ReducedOps } from './reduced-ops.ts';
import { CaptureRefusal } from './refusal.ts';

/** A tensor of a graph: what a node gives, with its shape and `DataType`. */
export interface GraphTensor {
  readonly output: GraphOutput;
  readonly shape: number[];
  readonly dtype: number;
}

/** Constants up to this size are looked up before they are made again, in bytes. */
const SHARED_CONSTANT = 32;

/**
 * Outputs whose shape TensorFlow itself leaves open until it runs, and that only its own gradient
 * ops read.
 */
const OPAQUE: ReadonlySet<string> = new Set(['FusedBatchNormV3:5']);

/** A `TF_Graph` under construction. Every tensor in it has a static shape. */
export class StepGraph {
  readonly #library: TensorFlowLibrary;
  readonly #setters: AttributeSetters;
  readonly #graph: Pointer;
  readonly #definitions = new Map<string, OpDefinition>();
  readonly #constants = new Map<string, GraphTensor>();
  readonly #reduced: ReducedOps | undefined;
  #nodes = 0;

  /** @param reduced what products and convolutions are computed in, where that is not float32 */
  constructor(library: TensorFlowLibrary, reduced?: ReducedPrecision) {
    this.#library = library;
    this.#setters = graphSetters(library);
    this.#graph = library.api.TF_NewGraph();
    if (reduced) this.#reduced = new ReducedOps(library, reduced, (...node) => this.#operation(...node));
  }

  get nodes(): number {
    return this.#nodes;
  }

  /** A value that is given when the graph runs. */
  placeholder(shape: readonly number[], dtype: number): GraphTensor {
    const attributes = [
      { name: 'dtype', type: AttrType.type, value: dtype },
      { name: 'shape', type: AttrType.shape, value: shape },
    ];
    return this.#node('Placeholder', attributes, () => {}, 1)[0]!;
  }

  /** @throws CaptureRefusal for strings */
  constant(shape: readonly number[], dtype: number, values: TensorValues): GraphTensor {
    if (dtype === DataType.string) throw new CaptureRefusal('it makes a tensor of strings');
    const view = numericView(dtype, values as ArrayBufferView | readonly number[]);
    if (view.byteLength > SHARED_CONSTANT) return this.#makeConstant(shape, dtype, view);
    const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('hex');
    const key = `${dtype}:${shape.join('x')}:${bytes}`;
    const known = this.#constants.get(key) ?? this.#makeConstant(shape, dtype, view);
    this.#constants.set(key, known);
    return known;
  }

  /**
   * Adds an op. @param outputs how many of its results are wanted at most
   * @throws CaptureRefusal for an op that keeps state, or one whose result has no static shape
   */
  operation(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly GraphTensor[],
    outputs: number,
  ): GraphTensor[] {
    if (this.#reduced) return this.#reduced.operation(op, attributes, inputs, outputs);
    return this.#operation(op, attributes, inputs, outputs);
  }

  #operation(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly GraphTensor[],
    outputs: number,
  ): GraphTensor[] {
    const { api } = this.#library;
    const definition = this.#definition(op);
    if (definition.stateful) throw new CaptureRefusal(`the op ${op} keeps state of its own`);
    return this.#node(
      op,
      attributes,
      (node) => {
        let next = 0;
        for (const { numberAttribute, typesAttribute } of definition.inputs) {
          const lengthAttribute = numberAttribute ?? typesAttribute;
          if (lengthAttribute === undefined) {
            api.TF_AddInput(node, inputs[next++]!.output);
            continue;
          }
          const value = attributes.find(({ name }) => name === lengthAttribute)?.value;
          const fixed = definition.inputs.length - 1;
          const length = Array.isArray(value)
            ? value.length
            : typeof value === 'number'
              ? value
              : inputs.length - fixed;
          const list = inputs.slice(next, (next += length)).map(({ output }) => output);
          api.TF_AddInputList(node, list.length > 0 ? outputArray(list) : null, list.length);
        }
      },
      outputs,
    );
  }

  /**
   * Calls a function of the context.
   * @param results shape and type of each of its results
   */
  call(name: string, inputs: readonly GraphTensor[], results: readonly Omit<GraphTensor, 'output'>[]): GraphTensor[] {
    const { api, status } = this.#library;
    const node = api.TF_NewOperation(this.#graph, 'PartitionedCall', `n${this.#nodes++}`);
    const types = (tensors: readonly Pick<GraphTensor, 'dtype'>[]) => tensors.map(({ dtype }) => dtype);
    api.TF_AddInputList(
      node,
      inputs.length > 0 ? outputArray(inputs.map(({ output }) => output)) : null,
      inputs.length,
    );
    setAttribute(this.#setters, node, { name: 'Tin', type: AttrType.type, value: types(inputs) });
    setAttribute(this.#setters, node, { name: 'Tout', type: AttrType.type, value: types(results) });
    api.TF_SetAttrFuncName(node, 'f', name, name.length);
    const oper = api.TF_FinishOperation(node, status.pointer);
    status.check(`a call of ${name}`);
    return results.map(({ shape, dtype }, index) => ({ output: { oper, index }, shape, dtype }));
  }

  /**
   * Makes the graph a function of the context and gives its name, which ends with a hash of the
   * graph: equal steps of several runs are one function, whose uses the context counts, and what
   * XLA compiled for one serves the next.
   */
  addToContext(inputs: readonly GraphTensor[], outputs: readonly GraphTensor[]): string {
    const { api, context, status } = this.#library;
    const list = (tensors: readonly GraphTensor[]) =>
      tensors.length > 0 ? outputArray(tensors.map(({ output }) => output)) : null;
    const made = api.TF_GraphToFunction(
      this.#graph,
      'headstart_step',
      1,
      -1,
      null,
      inputs.length,
      list(inputs),
      outputs.length,
      list(outputs),
      null,
      null,
      null,
      status.pointer,
    );
    status.check('making a function of a step');
    try {
      api.TFE_ContextAddFunction(context, made, status.pointer);
      status.check('registering a step');
      return api.TF_FunctionName(made);
    } finally {
      api.TF_DeleteFunction(made);
    }
  }

  delete(): void {
    this.#library.api.TF_DeleteGraph(this.#graph);
  }

  #makeConstant(shape: readonly number[], dtype: number, values: ArrayBufferView): GraphTensor {
    const { api, status } = this.#library;
    const tensor = allocateNumbers(this.#library, shape, dtype, values);
    try {
      const attributes = [{ name: 'dtype', type: AttrType.type, value: dtype }];
      return this.#node(
        'Const',
        attributes,
        (node) => api.TF_SetAttrTensor(node, 'value', tensor, status.pointer),
        1,
      )[0]!;
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  #node(
    op: string,
    attributes: readonly OpAttribute[],
    connect: (node: Pointer) => void,
    outputs: number,
  ): GraphTensor[] {
    const { api, status } = this.#library;
    const node = api.TF_NewOperation(this.#graph, op, `n${this.#nodes++}`);
    connect(node);
    for (const attribute of attributes) setAttribute(this.#setters, node, attribute);
    const oper = api.TF_FinishOperation(node, status.pointer);
    status.check(`op ${op}`);
    const count = Math.min(outputs, api.TF_OperationNumOutputs(oper));
    return Array.from({ length: count }, (_, index) => this.#describe(op, { oper, index }));
  }

  /** @throws CaptureRefusal where the shape depends on values */
  #describe(op: string, output: GraphOutput): GraphTensor {
    const { api, status } = this.#library;
    const dtype = api.TF_OperationOutputType(output);
    const rank = api.TF_GraphGetTensorNumDims(this.#graph, output, status.pointer);
    status.check(`the shape of op ${op}`);
    const dims = new BigInt64Array(Math.max(rank, 0));
    if (rank > 0) api.TF_GraphGetTensorShape(this.#graph, output, dims, rank, status.pointer);
    status.check(`the shape of op ${op}`);
    const shape = Array.from(dims, Number);
    if (rank >= 0 && shape.every((size) => size >= 0)) return { output, shape, dtype };
    if (OPAQUE.has(`${op}:${output.index}`)) return { output, shape: [0], dtype };
    throw new CaptureRefusal(`the size of what the op ${op} gives depends on values`);
  }

  #definition(op: string): OpDefinition {
    const known = this.#definitions.get(op) ?? readOpDefinition(this.#library, this.#graph, op);
    this.#definitions.set(op, known);
    return known;
  }
}
