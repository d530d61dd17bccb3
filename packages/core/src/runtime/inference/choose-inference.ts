import { availableParallelism } from 'node:os';
import { HeadstartError } from '@headstart/artifacts/errors';
import { gte } from 'semver';
import { onnxEncoder } from '../../export/onnx/onnx-encoder.ts';
import type { ExportedModel, Exporter } from '../../export/exporter.ts';
import { findExporter } from '../../export/find-exporter.ts';
import type { Backend } from '../../ports/backend.ts';
import { ShapedInference } from '../shaped-inference.ts';
import { onBackend, type Inference } from './inference.ts';
import { findOnnxruntime, ONNXRUNTIME, OnnxThread } from './onnx-thread.ts';
import { OnnxInference } from './onnx-inference.ts';
import { difference, trialInputs } from './same-outputs.ts';

/** The first version that can be loaded in a thread of its own. */
const FIRST_ONNXRUNTIME = '1.23.0';

/**
 * What computes predictions: the backend; onnxruntime, where onnxruntime-node is installed; or, with `auto`, onnxruntime where
 * it is installed and computes the model on the CPU as the backend does, and the backend elsewhere.
 */
export type InferenceChoice = (typeof INFERENCE_CHOICES)[number];
export const INFERENCE_CHOICES = ['auto', 'backend', 'onnxruntime'] as const;

export interface ChosenInference {
  readonly inference: Inference;
  /** Such as `onnxruntime 1.30.0` or `libtensorflow`. */
  readonly engine: string;
  /** Why it is that one, as a sentence. */
  readonly reason: string;
}

export interface InferenceParts {
  readonly backend: Backend;
  readonly exporters: readonly Exporter[];
}

/** @throws HeadstartError `not-supported` where onnxruntime was asked for and cannot compute the model */
export async function chooseInference(
  choice: InferenceChoice,
  model: ExportedModel,
  { backend, exporters }: InferenceParts,
): Promise<ChosenInference> {
  const own = (reason: string): ChosenInference => {
    const network = new ShapedInference(backend, [...model.backbone.stages, model.head]);
    return { inference: onBackend(network, model.encoder.inputs), engine: backend.name, reason };
  };
  if (choice === 'backend') return own('It was asked for.');
  if (choice === 'auto' && backend.device === 'gpu') return own('It computes on a GPU.');
  const computed = own('');
  try {
    const { threads = availableParallelism() } = backend;
    return await byOnnxruntime(model, exporters, { reference: computed.inference, threads });
  } catch (error) {
    // Whatever it is: without onnxruntime the model works as it did.
    if (choice === 'onnxruntime') throw error;
    return own(error instanceof Error ? error.message : String(error));
  } finally {
    computed.inference.dispose();
  }
}

/** @param reference that onnxruntime must agree with */
async function byOnnxruntime(
  model: ExportedModel,
  exporters: readonly Exporter[],
  { reference, threads }: { readonly reference: Inference; readonly threads: number },
): Promise<ChosenInference> {
  const found = findOnnxruntime();
  if (!found) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `${ONNXRUNTIME} is not installed.`,
      hint: `Install it beside Headstart: npm install ${ONNXRUNTIME}`,
    });
  }
  if (!gte(found.version, FIRST_ONNXRUNTIME)) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `${ONNXRUNTIME} ${found.version} is installed, which cannot compute beside the event loop.`,
      hint: `Install ${FIRST_ONNXRUNTIME} or a newer one: npm install ${ONNXRUNTIME}@latest`,
    });
  }
  const exporter = findExporter(exporters, 'onnx', model.task.modality);
  if (!exporter.network) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The exporter to ONNX of ${model.task.modality} models gives no network alone.`,
      hint: 'Let the backend compute it: inference "backend", or --inference backend.',
    });
  }
  const network = await exporter.network(model);
  const encodeOnnx = await onnxEncoder();
  const bytes = encodeOnnx(network.graph, model.headstart);
  const thread = await OnnxThread.open(found.path, bytes, threads);
  const inference = new OnnxInference(thread, network, model.encoder.inputs);
  try {
    const apart = await difference(inference, reference, trialInputs(model.encoder.inputs, model.encoder.rows));
    if (apart === undefined) {
      const engine = `onnxruntime ${found.version}`;
      return { inference, engine, reason: 'It is installed, and computes the model on the CPU as the backend does.' };
    }
    throw new HeadstartError({
      code: 'not-supported',
      message: `${ONNXRUNTIME} ${found.version} does not compute this model as the backend does: ${apart}.`,
      hint: 'Let the backend compute it: inference "backend", or --inference backend. Please report it with the model.',
    });
  } catch (error) {
    inference.dispose();
    throw error;
  }
}
