import type { Modality } from '../domains/source-domain.ts';
import type { Backbone } from '../network/backbone.ts';
import type { EncodedInputs } from '../data/encode-batch.ts';
import type { Encoder } from '../data/encoder.ts';
import type { Head } from '../network/head.ts';
import type { Task } from '../tasks/task.ts';
import type { OnnxGraph } from './onnx/onnx-graph.ts';

/** A trained model as an exporter sees it. */
export interface ExportedModel {
  readonly task: Task;
  readonly labels: readonly string[];
  readonly backbone: Backbone;
  readonly head: Head;
  /** How the model's samples become its inputs. */
  readonly encoder: Encoder;
  /** The version of core that trained it. */
  readonly headstart: string;
}

/** A trained model's network for a runtime of ONNX, and what its inputs and outputs are called there, where that is otherwise. */
export interface OnnxNetwork {
  readonly graph: OnnxGraph;
  /** By the encoder's name. An input that the graph has not is left out. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The batch with what the graph does not need left out: padding, where it takes any length. */
  fitted?(batch: EncodedInputs): EncodedInputs;
  /** By the name that the task knows an output by. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** Writes trained models in the format of another runtime. */
export interface Exporter {
  /** What `--format` calls it. One format may have an exporter for each modality. */
  readonly format: string;
  /** The kind of data of the models that it writes; any where absent. */
  readonly modality?: Modality;
  readonly description: string;
  /**
   * @param directory must not exist or be empty; it appears complete or not at all
   * @returns paths of the written files, the one to open first
   * @throws HeadstartError `not-supported` for a model that the format cannot hold, `invalid-option`, `storage-*`
   */
  write(model: ExportedModel, directory: string): Promise<string[]>;
  /**
   * Of an exporter to ONNX: the network alone, which computes what the model computes of the encoder's inputs, for
   * predictions by onnxruntime in this process.
   * @throws HeadstartError `not-supported`
   */
  network?(model: ExportedModel): Promise<OnnxNetwork>;
}
