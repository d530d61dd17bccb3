import type { DataId, Tensor } from '@tensorflow/tfjs-core';
import type { OpAttribute } from '../libtensorflow/attributes.ts';
import type { ReadValues, TensorValues } from '../libtensorflow/tensor-data.ts';
import type { TensorMetadata } from '../libtensorflow/binding.ts';
import { CaptureRefusal } from './refusal.ts';
import type { GraphTensor, StepGraph } from './step-graph.ts';

/** What the kernel backend keeps of a tensor (tfjs-node's `TensorInfo`). */
export interface StoredTensor {
  readonly shape: number[];
  readonly dtype: number;
  /** The binding's id; below zero: none yet, or a tensor of a recording. */
  id: number;
  /** Values that have not been handed to TensorFlow yet. */
  values: TensorValues | null;
  readonly refCount: number;
}

/** A tensor from before the recording that the step uses. */
export interface OuterTensor {
  readonly dataId: DataId;
  readonly graphTensor: GraphTensor;
}

/** Ids of recorded tensors, different in every recording; -1 means "not created yet" to tfjs-node. */
let nextId = -2;

/**
 * A step being recorded: what it asks of the kernel backend becomes nodes of a graph. Tensors that
 * it makes from values become constants, tensors from before become inputs.
 */
export class Recording {
  readonly outer: OuterTensor[] = [];
  readonly #graph: StepGraph;
  readonly #stored: (dataId: DataId) => StoredTensor;
  readonly #create: (stored: StoredTensor) => number;
  readonly #tensors = new Map<number, GraphTensor>();
  readonly #outerIds = new Map<DataId, number>();
  readonly #made = new Map<DataId, ReadValues>();
  #refusal: CaptureRefusal | undefined;

  /**
   * @param stored looks up what the kernel backend keeps of a tensor
   * @param create hands values to TensorFlow outside the recording
   */
  constructor(graph: StepGraph, stored: (dataId: DataId) => StoredTensor, create: (stored: StoredTensor) => number) {
    this.#graph = graph;
    this.#stored = stored;
    this.#create = create;
  }

  /** A tensor that is given to the step when it runs. */
  placeholder(shape: readonly number[], dtype: number): TensorMetadata & { graphTensor: GraphTensor } {
    const graphTensor = this.#graph.placeholder(shape, dtype);
    return { ...this.#describe(graphTensor), graphTensor };
  }

  /** Notes values that the step turns into a tensor. */
  wrote(dataId: DataId, values: ReadValues): void {
    this.#made.set(dataId, values);
  }

  constant(shape: readonly number[], dtype: number, values: TensorValues): number {
    return this.#add(this.#refusing(() => this.#graph.constant(shape, dtype, values)));
  }

  /** The id by which a kernel's input goes to `execute`. */
  idOf({ dataId }: { dataId: DataId }): number {
    const stored = this.#stored(dataId);
    if (stored.values !== null) {
      stored.id = this.#made.has(dataId)
        ? this.constant(stored.shape, stored.dtype, stored.values)
        : this.#create(stored);
      stored.values = null;
    }
    return stored.id < 0 ? stored.id : this.#outerId(dataId, stored);
  }

  graphTensor(tensor: Tensor | { dataId: DataId }): GraphTensor {
    return this.#lookUp(this.idOf(tensor));
  }

  graphTensorOf(id: number): GraphTensor {
    return this.#lookUp(id);
  }

  execute(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[] {
    return this.#refusing(() =>
      this.#graph
        .operation(
          op,
          attributes,
          inputs.map((id) => this.#lookUp(id)),
          outputs,
        )
        .map((tensor) => this.#describe(tensor)),
    );
  }

  /** Values that the step itself made a tensor of. @throws CaptureRefusal for any other tensor */
  read(dataId: DataId): ReadValues {
    const values = this.#made.get(dataId);
    if (values) return values;
    throw this.refuse('it reads the values of a tensor while it runs');
  }

  /** Notes why the step cannot be recorded, should it go on regardless, and gives the error to throw. */
  refuse(reason: string): CaptureRefusal {
    this.#refusal ??= new CaptureRefusal(reason);
    return this.#refusal;
  }

  /** @throws CaptureRefusal where one was noted, even if the step caught it */
  check(): void {
    if (this.#refusal) throw this.#refusal;
  }

  #outerId(dataId: DataId, { shape, dtype }: StoredTensor): number {
    const known = this.#outerIds.get(dataId);
    if (known !== undefined) return known;
    const { id, graphTensor } = this.placeholder(shape, dtype);
    this.outer.push({ dataId, graphTensor });
    this.#outerIds.set(dataId, id);
    return id;
  }

  #lookUp(id: number): GraphTensor {
    const tensor = this.#tensors.get(id);
    if (!tensor) throw this.refuse('it uses a tensor that was made while another step was recorded');
    return tensor;
  }

  #describe(tensor: GraphTensor): TensorMetadata {
    return { id: this.#add(tensor), shape: tensor.shape, dtype: tensor.dtype };
  }

  #add(tensor: GraphTensor): number {
    const id = nextId--;
    this.#tensors.set(id, tensor);
    return id;
  }

  #refusing<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#refusal ??= error instanceof CaptureRefusal ? error : undefined;
      throw error;
    }
  }
}
