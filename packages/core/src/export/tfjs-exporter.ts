import { HeadstartError } from '@headstart/artifacts/errors';
import type { Tensors } from '../network/tensors.ts';
import { TransferModel } from '../network/transfer-model.ts';
import { exportGraphModel } from './export-graph-model.ts';
import type { Exporter } from './exporter.ts';

/** `--format tfjs`: a TensorFlow.js graph model of any network whose kernels graphs have. */
export const tfjsExporter: Exporter = {
  format: 'tfjs',
  description: 'a TensorFlow.js graph model for browsers and Node',
  write({ task, labels, backbone, head, encoder, headstart }, directory) {
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
      },
      directory,
    );
  },
};
