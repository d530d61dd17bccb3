import { HeadstartError } from '@headstart/artifacts/errors';
import type { Task } from '../../tasks/task.ts';
import { forwardPassOf, metadataOf, pageOf } from '../exported-model.ts';
import type { ExportedModel, Exporter } from '../exporter.ts';
import { tracedTwice } from '../forward-pass.ts';
import { writeNewFolder } from '../new-folder.ts';
import { buildOnnx } from './build-onnx.ts';
import { onnxEncoder } from './onnx-encoder.ts';
import { onnxNotes } from './onnx-notes.ts';
import type { OnnxGraph } from './onnx-graph.ts';

const FILE = 'model.onnx';

/** `--format onnx`: an ONNX graph of any network whose kernels ONNX has operations for, and a page that runs it. */
export const onnxExporter: Exporter = {
  format: 'onnx',
  description: 'an ONNX graph for onnxruntime and other runtimes, with a page that runs it',
  async write(exported, directory) {
    const graph = await graphOf(exported);
    const page = await pageOf(exported, { runtime: 'onnx', path: FILE, notes: onnxNotes(graph, FILE) });
    const encodeOnnx = await onnxEncoder();
    const bytes = encodeOnnx(graph, exported.headstart, metadataOf(exported));
    return writeNewFolder(directory, [[FILE, bytes], ...page]);
  },
  async network(exported) {
    if (exported.encoder.fit) throw lengthsDiffer(exported.task);
    return { graph: await graphOf(exported) };
  },
};

function lengthsDiffer({ id }: Task): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `The inputs of the task "${id}" differ in length, and the network's ONNX graph has one length.`,
    hint: 'Let the backend that it was trained on compute its predictions.',
  });
}

function graphOf(exported: ExportedModel): Promise<OnnxGraph> {
  const pass = forwardPassOf(exported);
  return tracedTwice(pass, (traces, options) => buildOnnx(traces, pass.inputs, options));
}
