import { buildGraph } from './build-graph.ts';
import { tracedTwice, type ForwardPass } from './forward-pass.ts';
import type { PageFile } from '../tasks/page-description.ts';
import { graphModelFiles } from './graph-model-files.ts';
import { writeNewFolder } from './new-folder.ts';

export interface GraphModelExport extends ForwardPass {
  /** JSON for the user of the graph: labels, preprocessing and the like; `userDefinedMetadata` of model.json. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** What is written beside the graph, such as a page that runs it. */
  readonly files?: readonly PageFile[];
}

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
  const graph = await tracedTwice(model, (traces, options) => buildGraph(traces, model.inputs, options));
  return writeNewFolder(directory, [...graphModelFiles(graph, model.metadata ?? {}), ...(model.files ?? [])]);
}
