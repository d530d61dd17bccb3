import type { load as Load, LoadOptions, PageError, PageInput, PageModel } from './contract.ts';
import { fetchCard } from './page-files.ts';
import { PageFailure, reasonOf } from './page-error.ts';

/**
 * The `predict.js` of a served model: the same `load` and `predict`, which ask the server. A picture or another file goes
 * as the body of `POST predict` in its own type; texts as JSON, `{ "inputs": […] }`. The answer is
 * `{ "predictions": […] }`, or `{ "error": { "message", "hint" } }`.
 */
export const load: typeof Load = async <Prediction>(options: LoadOptions = {}): Promise<PageModel<Prediction>> => {
  const url = new URL(options.card ?? 'headstart.json', import.meta.url);
  const card = await fetchCard(url);
  return {
    card,
    labels: card.labels,
    backend: 'server',
    predict: (input) => ask<Prediction>(new URL('predict', url), input),
    dispose() {},
  };
};

async function ask<Prediction>(url: URL, input: PageInput): Promise<Prediction> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', ...messageOf(input) });
  } catch (cause) {
    throw serverFailed(`The server cannot be reached: ${reasonOf(cause)}.`, 'Check that it still runs.', cause);
  }
  const answer = (await response.json().catch(() => ({}))) as {
    readonly predictions?: readonly Prediction[];
    readonly error?: { readonly message?: string; readonly hint?: string };
  };
  if (response.ok && answer.predictions?.length === 1) return answer.predictions[0]!;
  const { message = `The server answers ${response.status} ${response.statusText}`.trimEnd(), hint = '' } =
    answer.error ?? {};
  throw serverFailed(message, hint);
}

function messageOf(input: PageInput): RequestInit {
  if (typeof input === 'string' || Array.isArray(input))
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ inputs: [input] }) };
  if (input instanceof Blob)
    return { headers: { 'content-type': input.type || 'application/octet-stream' }, body: input };
  if (input instanceof ArrayBuffer || input instanceof Uint8Array)
    return { headers: { 'content-type': 'application/octet-stream' }, body: input as BodyInit };
  throw new PageFailure({
    code: 'input-unreadable',
    message: 'A server is sent files and texts; what was given is neither.',
    hint: "Give the picture's file: a Blob or File, or its bytes.",
  });
}

function serverFailed(message: string, hint: string, cause?: unknown): PageError {
  return new PageFailure({ code: 'server-failed', message, hint, cause });
}
