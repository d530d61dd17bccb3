/** The section of the exported folder's README that says how transformers.js loads it, in a page. */
export function transformersSnippet(folder: string, classifies: boolean): string {
  const [task, call] = classifies
    ? ['text-classification', "console.log(await model('Great phone, works well'));"]
    : [
        'feature-extraction',
        "console.log(await model('Great phone, works well', { pooling: 'mean', normalize: true }));",
      ];
  return `
## With transformers.js

The folder is laid out as [transformers.js](https://huggingface.co/docs/transformers.js) loads it. In a page beside it, with
\`@huggingface/transformers\` from npm or from a content delivery network by an import map:

\`\`\`js
import { env, pipeline } from '@huggingface/transformers';

env.allowLocalModels = true;
env.allowRemoteModels = false;
env.localModelPath = new URL('..', import.meta.url).pathname; // where this folder lies

const model = await pipeline('${task}', '${folder}', { dtype: 'q8' }); // or 'fp32'
${call}
\`\`\`
`;
}
