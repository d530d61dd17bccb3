import { setTimeout as sleep } from 'node:timers/promises';
import { HeadstartError } from '../errors/headstart-error.ts';
import { shownUrl, unreachable } from '../artifact-errors.ts';
import type { FetchRequest } from '../archives/fetched-archive.ts';
import { readText } from './http-client.ts';
import { refusalOf } from './refusal.ts';

export interface DocumentRequest {
  url: URL;
  accept: string;
  authorization?: string;
  allowInsecure?: boolean;
  accessHint?: string;
}

const LIMIT = 128 * 2 ** 20;
const ATTEMPTS = 3;
const FIRST_WAIT_MS = 250;

/**
 * A registry's answer to a question, as text.
 * @throws HeadstartError `artifact-not-found` (404), `artifact-unreachable`
 */
export async function fetchDocument(
  { label, http }: FetchRequest,
  request: DocumentRequest,
): Promise<{ text: string; type: string; url: URL }> {
  const { url, accept, authorization, allowInsecure } = request;
  for (let attempt = 1; ; attempt++) {
    let why: string;
    let cause: unknown;
    try {
      const response = await http.get(url, { label, headers: { accept }, authorization, allowInsecure });
      const { status } = response;
      if (status === 200)
        return {
          text: await readText(response, LIMIT),
          type: String(response.headers['content-type'] ?? ''),
          url: response.url,
        };
      await response.body.dump();
      const refused = refusalOf(label, response, request.accessHint);
      if (refused) throw refused;
      why = `${shownUrl(url)} answered ${status}.`;
    } catch (error) {
      if (HeadstartError.is(error)) throw error;
      cause = error;
      why = `${shownUrl(url)}: ${(error as Error).message || String((error as { code?: string }).code)}`;
    }
    if (attempt >= ATTEMPTS) {
      throw unreachable(
        label,
        why,
        'Check the network, the proxy (https_proxy) and the registry in your settings, or copy the cache folder from a machine that has it.',
        cause,
      );
    }
    await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
  }
}
