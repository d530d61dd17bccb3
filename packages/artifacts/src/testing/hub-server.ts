import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a repository of the hub holds. */
export interface HubRepository {
  /** By path, at the first commit of the branch `main`. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** The token that may read it; anybody may where absent. */
  readonly token?: string;
  /** Digests that the server names in place of the true ones, by path. */
  readonly digests?: Readonly<Record<string, string>>;
}

/** A server of the hub on this machine, until `close()`. */
export interface HubServer {
  /** For HF_ENDPOINT. */
  readonly endpoint: string;
  /** Method and path of every request, to the hub and to where it keeps large files (`cdn …`). */
  readonly requests: readonly string[];
  /** The commit that `main` of a repository is at. */
  commitOf(repository: string): string;
  /** Moves `main` to a new commit with these files. */
  push(repository: string, files: HubRepository['files']): void;
  close(): Promise<void>;
}

interface Commit {
  readonly id: string;
  readonly files: HubRepository['files'];
}

/** Files that the hub keeps elsewhere. */
const LARGE = /\.(safetensors|bin|onnx)$/;

/**
 * A server on this machine that answers as the Hugging Face hub documents it: the commit of a revision by its API; small
 * files after a redirect within the hub, with the SHA-1 of their git blob for an entity tag; large ones after a redirect to
 * another origin, which takes signed addresses and no tokens, with their SHA-256 in `X-Linked-Etag`; the commit in
 * `X-Repo-Commit`; 404 for a missing file or revision, 401 for repositories that are missing or need a token, with what is
 * wrong in `X-Error-Code` and `X-Error-Message`.
 */
export async function startHubServer(repositories: Readonly<Record<string, HubRepository>>): Promise<HubServer> {
  const requests: string[] = [];
  const commits = new Map(Object.entries(repositories).map(([id, { files }]) => [id, [commitWith(id, 0, files)]]));
  const filesAt = (id: string, revision: string) => {
    const known = commits.get(id) ?? [];
    return revision === 'main' ? known.at(-1) : known.find((commit) => commit.id === revision);
  };
  const cdn = await listen((request, response) => {
    requests.push(`cdn ${request.method} ${request.url}`);
    const { pathname, searchParams } = new URL(request.url!, 'http://cdn');
    if (request.headers.authorization !== undefined)
      return void response.writeHead(400).end('Only one auth mechanism allowed');
    const [, owner, name, revision, ...path] = pathname.split('/');
    const bytes = filesAt(`${owner}/${name}`, revision!)?.files[path.map(decodeURIComponent).join('/')];
    if (!bytes || searchParams.get('X-Signature') !== signature(bytes)) return void response.writeHead(403).end();
    send(request, response, bytes, sha256(bytes));
  });
  const hub = await listen((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const address = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/]+)$/.exec(request.url!);
    const cached = /^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/.exec(request.url!);
    const [, id = '', revision = '', encoded = ''] =
      address ?? cached ?? /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(request.url!) ?? [];
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
    const commit = filesAt(id, revision);
    if (!commit) return refuse(404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
    if (address) return void response.end(JSON.stringify({ id, sha: commit.id, siblings: [] }));
    const bytes = commit.files[path];
    if (!bytes) return refuse(404, 'EntryNotFound', 'Entry not found');
    const large = LARGE.test(path);
    const tag = repository.digests?.[path] ?? (large ? sha256(bytes) : gitBlob(bytes));
    if (cached) return send(request, response, bytes, tag);
    const said = large ? { 'x-linked-etag': `"${tag}"`, 'x-linked-size': bytes.length } : { etag: `"${tag}"` };
    const location = large
      ? `${cdn.url}/${id}/${commit.id}/${encoded}?X-Signature=${signature(bytes)}`
      : `/api/resolve-cache/models/${id}/${commit.id}/${encoded}`;
    response
      .writeHead(large ? 302 : 307, { 'x-repo-commit': commit.id, ...said, location })
      .end(`Redirecting to ${location}`);
  });
  return {
    endpoint: hub.url,
    requests,
    commitOf: (id) => commits.get(id)!.at(-1)!.id,
    push: (id, files) => void commits.get(id)!.push(commitWith(id, commits.get(id)!.length, files)),
    close: async () => {
      await hub.close();
      await cdn.close();
    },
  };
}

function commitWith(repository: string, number: number, files: HubRepository['files']): Commit {
  return { id: createHash('sha1').update(`${repository} ${number}`).digest('hex'), files };
}

/** The file, or its rest where a range of the same file is asked for. */
function send(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array, tag: string): void {
  const etag = `"${tag}"`;
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

function gitBlob(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
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
