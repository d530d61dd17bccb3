export type { ExportedModel, Exporter } from './exporter.ts';
export { writeNewFolder } from './new-folder.ts';
export { exportedPageFiles, servedPageFiles, type PageModel, type PageModelFile } from './page/page-files.ts';
export { pageScript } from './page/page-script.ts';
export type { PageRuntime } from './page/runtime-files.ts';
export type {
  NoPage,
  PageAccepts,
  PageDescription,
  PageFile,
  PagePart,
  PageRequest,
} from '../tasks/page-description.ts';
export { exportGraphModel } from './export-graph-model.ts';
