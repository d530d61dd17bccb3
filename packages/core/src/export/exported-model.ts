import { HeadstartError } from '@headstart/artifacts/errors';
import type { Tensors } from '../network/tensors.ts';
import { TransferModel } from '../network/transfer-model.ts';
import type { PageFile } from '../tasks/page-description.ts';
import type { ExportedModel } from './exporter.ts';
import type { ForwardPass } from './forward-pass.ts';
import { exportedPageFiles, type PageModelFile } from './page/page-files.ts';

/** What a trained model computes. @throws HeadstartError `not-supported` for one that compares the parts of a sample */
export function forwardPassOf({ task, backbone, head, encoder }: ExportedModel): ForwardPass {
  if (encoder.rows !== undefined && encoder.rows > 1) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The task "${task.id}" compares the parts of a sample, which a graph of one input cannot do.`,
      hint: 'Export to a format that holds the network without its head, such as onnx for encoders of texts.',
    });
  }
  const model = new TransferModel(backbone, head);
  return {
    forward: (inputs: Tensors) => model.forward(inputs),
    inputs: encoder.inputs,
    variables: [...model.variables()].map(([name, variable]) => ({ ...variable, name })),
  };
}

/** What somebody who runs the graph elsewhere needs to know, as JSON. */
export function metadataOf({ task, labels, backbone, headstart }: ExportedModel): Record<string, unknown> {
  return { headstart, task: task.id, labels, preprocessing: backbone.input.preprocessing };
}

/** A page that runs the graph, as the task describes it. */
export async function pageOf(
  { task, labels, backbone, encoder }: ExportedModel,
  file: PageModelFile,
): Promise<PageFile[]> {
  const description = (await task.page?.({ backbone, labels, encoder })) ?? {
    unavailable: `the task "${task.id}" does not describe how a page would prepare its inputs.`,
  };
  return exportedPageFiles({ task: task.id, labels }, description, file);
}
