import type { NoPage, PageAccepts, PageDescription, PageFile } from '../../tasks/page-description.ts';
import type { PageModel, PageModelFile } from './page-files.ts';
import { ONNX_RUNTIME_FILES } from './runtime-files.ts';

const ASK: Readonly<Record<PageAccepts, string>> = {
  picture: `const [file] = document.querySelector('input[type=file]').files;
const prediction = await model.predict(file); // or an <img>, a canvas, bytes`,
  text: "const prediction = await model.predict('Great phone, works well');",
  'text-pair': "const prediction = await model.predict(['one text', 'another']);",
  file: `const [file] = document.querySelector('input[type=file]').files;
const prediction = await model.predict(file);`,
};

/** README.md of an exported folder: the few lines by which it is used. */
export function pageReadme(
  { task, labels }: PageModel,
  description: PageDescription | NoPage,
  { runtime, path, notes = '' }: PageModelFile,
  runtimeFiles: readonly PageFile[],
): string {
  const library = runtime === 'tfjs' ? 'TensorFlow.js' : 'onnxruntime-web';
  const about = `# ${task}\n\nExported by Headstart for ${library}: the model is \`${path}\`${labels.length > 0 ? `, with ${labels.length} labels` : ''}.\n`;
  if ('unavailable' in description) return `${about}\nThere is no page beside it: ${description.unavailable}\n${notes}`;
  return `${about}
## Try it

\`\`\`sh
npx http-server .        # or: python3 -m http.server
\`\`\`

and open the address that is printed: \`index.html\` asks for what the model takes and shows what it says. Nothing leaves the browser.

## In your own page

\`\`\`js
import { load } from './predict.js';

const model = await load();
${ASK[description.accepts]}
\`\`\`

\`predict.js\` is an ES module and needs no build step; \`predict.d.ts\` has its types. It prepares inputs as Headstart does in Node,
and its predictions have the same form. What it needs to know is in \`headstart.json\`. Keep the files side by side, wherever they are served
from; \`load({ card: 'https://…/headstart.json' })\` names another place.
${runtimeText(runtime, runtimeFiles)}${notes}`;
}

function runtimeText(runtime: PageModelFile['runtime'], files: readonly PageFile[]): string {
  if (runtime === 'tfjs') {
    return `
\`runtime/\` holds TensorFlow.js (Apache-2.0) with what graph models need. It runs on WebGL, or where there is none on WebAssembly or plain
JavaScript; \`load({ backend: 'wasm' })\` chooses. A page that has TensorFlow.js already hands it over: \`load({ runtime: tf })\`.
`;
  }
  const there = files.length > 0;
  return `
${
  there
    ? '`runtime/` holds what is needed of onnxruntime-web (MIT).'
    : `**\`runtime/\` is still to be filled**: onnxruntime-web was not installed where this was exported. From the \`dist\` folder of the npm
package \`onnxruntime-web\`, put ${ONNX_RUNTIME_FILES.map((name) => `\`${name}\``).join(' and ')} there.`
} A page that has the library already hands it over: \`load({ runtime: ort })\`.
`;
}
