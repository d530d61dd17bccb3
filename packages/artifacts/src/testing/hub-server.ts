import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a repository of the hub holds. */
export interface HubRepository {
  /** By path, at the revision `main`. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** The token that may read it; anybody may where absent. */
  readonly token?: string;
}

/** A server of the hub on this machine, until `close()`. */
export interface HubServer {
  /** For HF_ENDPOINT. */
  readonly endpoint: string;
  /** Method and path of every request, to the hub and to where it keeps large files (`cdn …`). */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Files that the hub keeps elsewhere. */
const LARGE = /\.(safetensors|bin|onnx)$/;
const COMMIT = createHash('sha1').update('hub').digest('hex');

/**
 * A server on this machine that answers as the Hugging Face hub does: small files after a redirect within the hub, large
 * ones after one to another origin, which takes signed addresses and no tokens; 404 for a missing file or revision, 401
 * for repositories that are missing or need a token, with what is wrong in `X-Error-Code` and `X-Error-Message`.
 */
export async function startHubServer(repositories: Readonly<Record<string, HubRepository>>): Promise<HubServer> {
  const requests: string[] = [];
  const cdn = await listen((request, response) => {
    requests.push(`cdn ${request.method} ${request.url}`);
    const { pathname, searchParams } = new URL(request.url!, 'http://cdn');
    if (request.headers.authorization !== undefined)
      return void response.writeHead(400).end('Only one auth mechanism allowed');
    const [, owner, name, ...path] = pathname.split('/');
    const bytes = repositories[`${owner}/${name}`]?.files[path.map(decodeURIComponent).join('/')];
    if (!bytes || searchParams.get('X-Signature') !== signature(bytes)) return void response.writeHead(403).end();
    send(request, response, bytes);
  });
  const hub = await listen((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const cached = /^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/.exec(request.url!);
    const [, id = '', revision = '', encoded = ''] =
      cached ?? /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(request.url!) ?? [];
    const path = encoded.split('/').map(decodeURIComponent).join('/');
    const refuse = (status: number, code: string, message: string) =>
      void response.writeHead(status, { 'x-error-code': code, 'x-error-message': message }).end();
    const repository = repositories[id];
    if (!repository) return refuse(401, 'RepoNotFound', 'Invalid username or password.');
    if (repository.token !== undefined && request.headers.authorization !== `Bearer ${repository.token}`) {
      return refuse(
        request.headers.authorization ? 403 : 401,
        'GatedRepo',
        `Access to model ${id} is restricted. You must be authenticated to access it.`,
      );
    }
    if (revision !== (cached ? COMMIT : 'main')) return refuse(404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
    const bytes = repository.files[path];
    if (!bytes) return refuse(404, 'EntryNotFound', 'Entry not found');
    if (cached) return send(request, response, bytes);
    const linked = { 'x-repo-commit': COMMIT, 'x-linked-etag': `"${sha256(bytes)}"`, 'x-linked-size': bytes.length };
    const location = LARGE.test(path)
      ? `${cdn.url}/${id}/${encoded}?X-Signature=${signature(bytes)}`
      : `/api/resolve-cache/models/${id}/${COMMIT}/${encoded}`;
    response.writeHead(LARGE.test(path) ? 302 : 307, { ...linked, location }).end(`Redirecting to ${location}`);
  });
  return {
    endpoint: hub.url,
    requests,
    close: async () => {
      await hub.close();
      await cdn.close();
    },
  };
}

/** The file, or its rest where a range of the same file is asked for. */
function send(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array): void {
  const etag = `"${sha256(bytes)}"`;
  const condition = request.headers['if-range'];
  const start =
    condition === undefined || condition === etag
      ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
      : 0;
  const range = start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {};
  response
    .writeHead(start > 0 ? 206 : 200, {
      etag,
      'accept-ranges': 'bytes',
      'content-length': bytes.length - start,
      ...range,
    })
    .end(bytes.subarray(start));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function signature(bytes: Uint8Array): string {
  return createHash('sha256').update('signed').update(bytes).digest('hex');
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer(answer);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
