import { isLoopback, type HubUri } from '../artifact-uri.ts';
import { unreachable } from '../artifact-errors.ts';
import type { FetchRequest } from '../archives/fetched-archive.ts';
import type { HttpResponse } from '../http/http-client.ts';
import { fetchDocument } from '../http/http-document.ts';
import type { Download } from '../http/http-download.ts';
import type { FileDigest } from '../storage/file-digest.ts';

/** Where the public hub answers; HF_ENDPOINT names another. */
const PUBLIC_HUB = 'https://huggingface.co';
const COMMIT = /^[0-9a-f]{40}$/;

type Environment = NodeJS.ProcessEnv;

/** Whether a revision is a commit, which does not move as branches and tags do. */
export function isCommit(revision: string): boolean {
  return COMMIT.test(revision);
}

/** The variable by which libraries of the hub are told to ask nothing of it, where one is set. */
export function hubOffline(env: Environment): string | undefined {
  return ['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'].find((name) => isSwitchedOn(env[name]));
}

/** As those libraries read it: `1`, `ON`, `YES` or `TRUE`, in any case. */
export function isSwitchedOn(value: string | undefined): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes(value?.trim().toUpperCase() ?? '');
}

/**
 * The commit that a branch or a tag stands for now, by the hub's description of a repository
 * (`GET /api/models/<repository>/revision/<revision>`).
 * @throws HeadstartError `artifact-*`
 */
export async function fetchCommit({ repo, revision }: HubUri, request: FetchRequest): Promise<string> {
  const { url, ...access } = hubAddress(`api/models/${repo}/revision/${encodeURIComponent(revision)}`, request.env);
  const { text } = await fetchDocument(request, { url, accept: 'application/json', ...access });
  const commit = commitIn(text);
  if (commit !== undefined) return commit;
  throw unreachable(
    request.label,
    `${url.origin} does not say which commit "${revision}" of ${repo} is.`,
    `Name a commit in place of the revision: hf:${repo}@<40 hexadecimal digits>.`,
  );
}

function commitIn(text: string): string | undefined {
  try {
    const { sha } = JSON.parse(text) as { sha?: unknown };
    return typeof sha === 'string' && isCommit(sha) ? sha : undefined;
  } catch {
    return undefined;
  }
}

/** The download behind `hf:owner/repo@commit/path`, with the user's endpoint and token, held to what the hub says of the file. */
export function hubDownload({ repo, revision, path }: HubUri, env: Environment): Omit<Download, 'key'> {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const address = hubAddress(`${repo}/resolve/${encodeURIComponent(revision)}/${encoded}`, env);
  return { ...address, digestOf: (response, label) => hubDigest(response, address.url, { label, revision }) };
}

function hubAddress(
  path: string,
  env: Environment,
): Pick<Download, 'url' | 'authorization' | 'allowInsecure' | 'accessHint'> {
  const url = new URL(`${(env.HF_ENDPOINT || PUBLIC_HUB).replace(/\/+$/, '')}/${path}`);
  return {
    url,
    authorization: env.HF_TOKEN ? `Bearer ${env.HF_TOKEN}` : undefined,
    allowInsecure: url.protocol === 'http:' || isLoopback(url),
    accessHint: env.HF_TOKEN
      ? 'Check that the token in HF_TOKEN may read this repository, and that you have accepted its terms.'
      : 'The repository may be private or gated, or not exist: set HF_TOKEN to a token that may read it.',
  };
}

/**
 * What the hub says of a file, on the way to where it keeps it: `X-Linked-Etag`, else `ETag`, is the SHA-256 of a file in
 * large-file storage and the git blob's SHA-1 of another one. Undefined where it says neither.
 * @throws HeadstartError `artifact-unreachable` for an answer of another commit than was asked for
 */
function hubDigest(
  { hops, headers, url }: HttpResponse,
  asked: URL,
  { label, revision }: { readonly label: string; readonly revision: string },
): FileDigest | undefined {
  const ofHub = [...hops, { url, headers }].filter((hop) => hop.url.origin === asked.origin).map((hop) => hop.headers);
  const commit = ofHub.map((each) => each['x-repo-commit']).find((each) => each !== undefined);
  if (isCommit(revision) && commit !== undefined && commit !== revision) {
    throw unreachable(
      label,
      `${asked.origin} answered with a file of commit ${String(commit)}.`,
      'Files of two commits do not go together. Try again, or ask those who run the hub that HF_ENDPOINT names.',
    );
  }
  const linked = ofHub.map((each) => each['x-linked-etag']).find((each) => each !== undefined);
  const tag = String(linked ?? ofHub.at(-1)?.['etag'] ?? '')
    .replace(/^W\//, '')
    .replaceAll('"', '');
  if (/^[0-9a-f]{64}$/.test(tag)) return { kind: 'sha256', value: tag };
  return COMMIT.test(tag) ? { kind: 'git-blob', value: tag } : undefined;
}
