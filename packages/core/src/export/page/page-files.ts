import { CORE_VERSION } from '../../ports/version.ts';
import type { NoPage, PageAccepts, PageDescription, PageFile } from '../../tasks/page-description.ts';
import { readDeclarations } from '#read-script';
import { indexPage } from './index-page.ts';
import { pageReadme } from './page-readme.ts';
import { pageScript } from './page-script.ts';
import { runtimeFiles, type PageRuntime } from './runtime-files.ts';

/** The format of headstart.json. */
const FORMAT = 1;

/** A model of which a page is written. */
export interface PageModel {
  /** The task's id. */
  readonly task: string;
  readonly labels: readonly string[];
}

/** The exported model that a page runs. */
export interface PageModelFile {
  readonly runtime: PageRuntime;
  /** Its file in the exported folder. */
  readonly path: string;
  /** What the file calls the input's tensors, where that is not what the description calls them. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Markdown that README.md ends with: other ways to use the folder. */
  readonly notes?: string;
}

/**
 * The files that make a page of an exported model, to be written beside it: `headstart.json`, `predict.js` with its
 * declarations, `index.html`, `README.md`, the runtime library in `runtime/` where it is at hand, and what the
 * description brings. Of a model without a page, the README alone, which says why.
 */
export async function exportedPageFiles(
  model: PageModel,
  description: PageDescription | NoPage,
  file: PageModelFile,
): Promise<PageFile[]> {
  if ('unavailable' in description) return [['README.md', pageReadme(model, description, file, [])]];
  const runtime = await runtimeFiles(file.runtime);
  return [
    ...(await page(model, description, '../browser/predict.entry.js', file)),
    ['README.md', pageReadme(model, description, file, runtime)],
    ...runtime,
    ...(description.files ?? []),
  ];
}

/**
 * The same page for a model that a server answers for: `index.html`, `headstart.json`, and a `predict.js` of the same names
 * that asks `POST predict` beside it. A picture or another file is its body, in its own type; texts come as JSON,
 * `{ "inputs": […] }`, and a pair of texts is one input, a list of two. The server answers `{ "predictions": […] }` as
 * `predict` gives them, or with a status of 400 and above `{ "error": { "message", "hint" } }`.
 */
export function servedPageFiles(model: PageModel, accepts: PageAccepts): Promise<PageFile[]> {
  const none = { kind: 'server', tensors: [] };
  return page(model, { accepts, input: none, output: none }, '../browser/ask-server.entry.js');
}

async function page(
  { task, labels }: PageModel,
  { accepts, input, output }: PageDescription,
  script: string,
  file?: PageModelFile,
): Promise<PageFile[]> {
  const model = file && { runtime: file.runtime, path: file.path, inputs: file.inputs };
  const card = { format: FORMAT, headstart: CORE_VERSION, task, labels, accepts, model, input, output };
  const [predict, declarations, own] = await Promise.all([
    pageScript(new URL(script, import.meta.url)),
    readDeclarations(),
    pageScript(new URL('../browser/page.entry.js', import.meta.url)),
  ]);
  return [
    ['headstart.json', `${JSON.stringify(card, undefined, 2)}\n`],
    ['predict.js', predict],
    ['predict.d.ts', declarations],
    ['index.html', indexPage(task, own)],
  ];
}
