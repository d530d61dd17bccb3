import { HeadstartError } from '@headstart/artifacts/errors';
import type { Tensors } from '../network/tensors.ts';
import { TransferModel } from '../network/transfer-model.ts';
import type { PageFile } from '../tasks/page-description.ts';
import { exportGraphModel } from './export-graph-model.ts';
import type { ExportedModel, Exporter } from './exporter.ts';
import { exportedPageFiles } from './page/page-files.ts';

/** `--format tfjs`: a TensorFlow.js graph model of any network whose kernels graphs have, and a page that runs it. */
export const tfjsExporter: Exporter = {
  format: 'tfjs',
  description: 'a TensorFlow.js graph model for browsers and Node, with a page that runs it',
  async write(exported, directory) {
    const { task, labels, backbone, head, encoder, headstart } = exported;
    if (encoder.rows !== undefined && encoder.rows > 1) {
      throw new HeadstartError({
        code: 'not-supported',
        message: `The task "${task.id}" compares the parts of a sample, which a graph of one input cannot do.`,
        hint: 'Export to a format that holds the network without its head, such as onnx for texts.',
      });
    }
    const model = new TransferModel(backbone, head);
    return exportGraphModel(
      {
        forward: (inputs: Tensors) => model.forward(inputs),
        inputs: encoder.inputs,
        variables: [...model.variables()].map(([name, variable]) => ({ ...variable, name })),
        metadata: { headstart, task: task.id, labels, preprocessing: backbone.input.preprocessing },
        files: await pageOf(exported),
      },
      directory,
    );
  },
};

async function pageOf({ task, labels, backbone, encoder }: ExportedModel): Promise<PageFile[]> {
  const description = (await task.page?.({ backbone, labels, encoder })) ?? {
    unavailable: `the task "${task.id}" does not describe how a page would prepare its inputs.`,
  };
  return exportedPageFiles({ task: task.id, labels }, description, { runtime: 'tfjs', path: 'model.json' });
}
