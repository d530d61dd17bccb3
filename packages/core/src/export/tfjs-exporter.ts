import { exportGraphModel } from './export-graph-model.ts';
import { forwardPassOf, metadataOf, pageOf } from './exported-model.ts';
import type { Exporter } from './exporter.ts';

/** `--format tfjs`: a TensorFlow.js graph model of any network whose kernels graphs have, and a page that runs it. */
export const tfjsExporter: Exporter = {
  format: 'tfjs',
  description: 'a TensorFlow.js graph model for browsers and Node, with a page that runs it',
  async write(exported, directory) {
    const pass = forwardPassOf(exported);
    const files = await pageOf(exported, { runtime: 'tfjs', path: 'model.json' });
    return exportGraphModel({ ...pass, metadata: metadataOf(exported), files }, directory);
  },
};
