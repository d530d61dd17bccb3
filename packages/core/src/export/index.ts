export type { EncodedInputs } from '../data/encode-batch.ts';
export type { ExportedModel, Exporter, OnnxNetwork } from './exporter.ts';
export { pageOf } from './exported-model.ts';
export { onnxEncoder } from './onnx/onnx-encoder.ts';
export { OnnxGraph, type OnnxAttribute, type OnnxNode, type OnnxTensor } from './onnx/onnx-graph.ts';
export { ELEMENT_TYPE } from './onnx/onnx-types.ts';
export { onnxExporter } from './onnx/onnx-exporter.ts';
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
