import { isLoopback, type HubUri } from '../artifact-uri.ts';
import type { Download } from '../http/http-download.ts';

/** Where the public hub answers; HF_ENDPOINT names another. */
const PUBLIC_HUB = 'https://huggingface.co';

/** The download behind `hf:owner/repo@revision/path`, with the user's endpoint and token. */
export function hubDownload(uri: HubUri, env: NodeJS.ProcessEnv): Omit<Download, 'key'> {
  const endpoint = (env.HF_ENDPOINT || PUBLIC_HUB).replace(/\/+$/, '');
  const path = uri.path.split('/').map(encodeURIComponent).join('/');
  const url = new URL(`${endpoint}/${uri.repo}/resolve/${encodeURIComponent(uri.revision)}/${path}`);
  return {
    url,
    authorization: env.HF_TOKEN ? `Bearer ${env.HF_TOKEN}` : undefined,
    allowInsecure: url.protocol === 'http:' || isLoopback(url),
    accessHint: env.HF_TOKEN
      ? 'Check that the token in HF_TOKEN may read this repository, and that you have accepted its terms.'
      : 'The repository may be private or gated, or not exist: set HF_TOKEN to a token that may read it.',
  };
}
