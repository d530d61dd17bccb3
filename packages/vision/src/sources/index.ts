export { efficientNetLite0 } from './efficientnet-lite0.ts';
export { smallCnn, smallCnnScheme } from './small-cnn.ts';
export { tfjsScheme } from './tfjs/tfjs-source.ts';
