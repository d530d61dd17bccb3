import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import type * as Undici from 'undici';
import { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';
import { shownUrl, unreachable } from '../artifact-errors.ts';

export interface HttpResponse {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Undici.Dispatcher.ResponseData['body'];
  /** Where the redirects ended. */
  url: URL;
  /** The answers that redirected, in order. */
  hops: readonly { readonly url: URL; readonly headers: HttpResponse['headers'] }[];
}

export interface HttpRequest {
  label: string;
  headers?: Record<string, string>;
  /** Sent to the origin of the first address only. */
  authorization?: string;
  /** Plain http is allowed where the user's own settings name it. */
  allowInsecure?: boolean;
}

export interface HttpClient {
  /** @throws HeadstartError `artifact-unreachable` for redirects that cannot be followed; else what the network threw */
  get(url: URL, request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

const MAX_REDIRECTS = 5;
const SILENCE_MS = 45_000;

/**
 * Reads over http(s) by way of the proxy that `https_proxy`, `all_proxy` and their kin name, trusting `certificates` (PEM files) as well. undici is
 * imported when something is read: mostly all lies in the cache.
 */
export async function createHttpClient(
  env: NodeJS.ProcessEnv,
  certificates: readonly string[] = [],
): Promise<HttpClient> {
  const own = await Promise.all(
    certificates.map((path) =>
      readFile(path, 'utf8').catch((cause: unknown) => Promise.reject(storageError('read', path, cause))),
    ),
  );
  const tls =
    own.length > 0
      ? { connect: { ca: [...rootCertificates, ...own] }, requestTls: { ca: [...rootCertificates, ...own] } }
      : {};
  const settings = {
    httpProxy: proxyOf(env, 'http'),
    httpsProxy: proxyOf(env, 'https'),
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
    ...tls,
  };
  let opened: Promise<{ request: typeof Undici.request; agent: Undici.EnvHttpProxyAgent }> | undefined;
  const open = () =>
    (opened ??= import('undici').then(({ request, EnvHttpProxyAgent }) => ({
      request,
      agent: new EnvHttpProxyAgent(settings),
    })));

  async function get(first: URL, options: HttpRequest): Promise<HttpResponse> {
    const { request, agent } = await open();
    let url = withoutCredentials(first);
    const authorization = options.authorization ?? basicFrom(first);
    const hops: { url: URL; headers: HttpResponse['headers'] }[] = [];
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const sameOrigin = url.origin === first.origin;
      const response = await answering(
        agent,
        url,
        options.label,
        request(url, {
          dispatcher: agent,
          bodyTimeout: SILENCE_MS,
          headers: {
            'user-agent': 'headstart',
            'accept-encoding': 'identity',
            ...options.headers,
            ...(authorization && sameOrigin ? { authorization } : {}),
          },
        }),
      );
      const { statusCode: status, headers, body } = response;
      // Whoever reads the body sees what goes wrong; giving it up half-read must not end the process.
      body.on('error', () => {});
      const location = headers.location;
      if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string')
        return { status, headers, body, url, hops };
      hops.push({ url, headers });
      await body.dump();
      const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      if (!next || !['http:', 'https:'].includes(next.protocol)) {
        throw unreachable(
          options.label,
          `${shownUrl(url)} redirects to something that is not a web address.`,
          'Check the address.',
        );
      }
      if (next.protocol === 'http:' && url.protocol === 'https:' && !options.allowInsecure) {
        throw unreachable(
          options.label,
          `${shownUrl(url)} redirects from https to plain http.`,
          'Use an address that stays on https.',
        );
      }
      url = withoutCredentials(next);
    }
    throw unreachable(
      options.label,
      `${shownUrl(first)} redirects more than ${MAX_REDIRECTS} times.`,
      'Use the address where the redirects end.',
    );
  }

  return { get, close: async () => (await opened)?.agent.destroy() };
}

/**
 * The proxy for addresses of a protocol: `https_proxy`, else `all_proxy`, in small or capital letters; empty for none.
 * @throws HeadstartError `artifact-unreachable` for one that is not spoken here, such as SOCKS
 */
function proxyOf(env: NodeJS.ProcessEnv, protocol: 'http' | 'https'): string {
  const names = [`${protocol}_proxy`, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const name = names.find((each) => env[each] !== undefined);
  const proxy = (name && env[name]) ?? '';
  const kind = /^([a-z][a-z0-9+.-]*):\/\//i.exec(proxy)?.[1]?.toLowerCase();
  if (kind === undefined) return proxy === '' ? '' : `http://${proxy}`;
  if (kind === 'http' || kind === 'https') return proxy;
  throw new HeadstartError({
    code: 'artifact-unreachable',
    message: `${name} names a proxy of the kind "${kind}", which is not supported: only http and https are.`,
    hint: 'Set https_proxy and http_proxy to an HTTP proxy, or to nothing for none.',
  });
}

/** Bounds the time until an answer begins, all connecting included: a proxy that drops connections is dialled for ever otherwise. */
async function answering<T>(agent: Undici.Dispatcher, url: URL, label: string, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const why = `${shownUrl(url)} did not answer within ${SILENCE_MS / 1000} s.`;
      const error = unreachable(label, why, 'Check the network and the proxy (https_proxy), and try again.');
      reject(error);
      agent.destroy(error).catch(() => {});
    }, SILENCE_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = bare.password = '';
  return bare;
}

function basicFrom(url: URL): string | undefined {
  if (!url.username) return undefined;
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

/** The whole body as text, refused beyond `limit` bytes. */
export async function readText(response: HttpResponse, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) throw new RangeError(`${shownUrl(response.url)} answered with more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
