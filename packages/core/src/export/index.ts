export type { ExportedModel, Exporter } from './exporter.ts';
export { writeNewFolder } from './new-folder.ts';
export { exportGraphModel } from './export-graph-model.ts';
