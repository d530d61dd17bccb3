// What runtime/tensorflow.js offers: TensorFlow.js as far as graph models need it, on WebGL, WebAssembly or plain JavaScript.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env } from '@tensorflow/tfjs-core';

export { dispose, env, getBackend, ready, setBackend, tensor } from '@tensorflow/tfjs-core';
export { loadGraphModel } from '@tensorflow/tfjs-converter';

// The build with threads is left out: it needs a page that is isolated from others.
env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
setWasmPaths(new URL('./', import.meta.url).href);
