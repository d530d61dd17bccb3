import { dispose, zeros, type Rank, type ShapeMap } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { ModelVariable } from '../network/stage.ts';
import type { Tensors, TensorSpecs } from '../network/tensors.ts';
import { buildGraph } from './build-graph.ts';
import { traceKernels, type Trace } from './trace-kernels.ts';
import type { PageFile } from '../tasks/page-description.ts';
import { graphModelFiles } from './graph-model-files.ts';
import { writeNewFolder } from './new-folder.ts';

export interface GraphModelExport {
  /** The forward pass in inference mode; synchronous and the same for every batch size. */
  forward(inputs: Tensors): Tensors;
  /** What `forward` takes, without the batch axis. The names become the graph's input names. */
  readonly inputs: TensorSpecs;
  /** Which of `forward`'s outputs the graph offers, under the same names; all of them where absent. */
  readonly outputNames?: readonly string[];
  /** The model's variables, so that weights keep their names. */
  readonly variables?: readonly ModelVariable[];
  /** JSON for the user of the graph: labels, preprocessing and the like; `userDefinedMetadata` of model.json. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** What is written beside the graph, such as a page that runs it. */
  readonly files?: readonly PageFile[];
}

/** Two batch sizes, by which what follows the batch is known from what is fixed. */
const batchSizes = [2, 3] as const;

/**
 * Writes a TensorFlow.js graph model that computes what `forward` computes, for any batch size, and
 * that `tf.loadGraphModel` loads in browsers and in Node. The kernels of a forward pass are traced, so
 * any network over TensorFlow.js operations can be exported without further description. What depends
 * on weights alone is computed now and stored.
 *
 * @param directory must not exist or be empty; it appears complete or not at all
 * @returns paths of the written files, `model.json` first
 * @throws HeadstartError `not-supported` naming a kernel that graphs do not have, `invalid-option`, `storage-*`
 */
export async function exportGraphModel(model: GraphModelExport, directory: string): Promise<string[]> {
  const traces: Trace[] = [];
  try {
    for (const size of batchSizes) traces.push(traceBatch(model, size));
    const [first, second] = traces as [Trace, Trace];
    const outputNames = model.outputNames ?? Object.keys(first.outputs);
    requireOutputs(first, outputNames);
    const weightNames = new Map((model.variables ?? []).map(({ name, value }) => [value.id, name]));
    const graph = await buildGraph({ first, second }, model.inputs, outputNames, weightNames);
    return await writeNewFolder(directory, [...graphModelFiles(graph, model.metadata ?? {}), ...(model.files ?? [])]);
  } finally {
    for (const trace of traces) trace.dispose();
  }
}

function traceBatch(model: GraphModelExport, size: number): Trace {
  const inputs: Tensors = Object.fromEntries(
    Object.entries(model.inputs).map(([name, { shape, dtype }]) => [
      name,
      zeros([size, ...shape] as ShapeMap[Rank], dtype),
    ]),
  );
  try {
    return traceKernels((tensors) => model.forward(tensors), inputs);
  } finally {
    dispose({ ...inputs });
  }
}

function requireOutputs(trace: Trace, outputNames: readonly string[]): void {
  const missing = outputNames.find((name) => trace.outputs[name] === undefined);
  if (missing === undefined) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The forward pass has no output "${missing}".`,
    hint: `Its outputs are: ${Object.keys(trace.outputs).join(', ')}.`,
  });
}
