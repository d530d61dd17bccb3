// The loader hook of record-modules.mjs: tells the address of each module that is loaded.
// @ts-check

/** @type {import('node:worker_threads').MessagePort} */
let port;

/** @param {import('node:worker_threads').MessagePort} data */
export function initialize(data) {
  port = data;
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  port.postMessage(url);
  return nextLoad(url, context);
}
