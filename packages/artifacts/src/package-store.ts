import { join } from 'node:path';
import { HeadstartError } from './errors/headstart-error.ts';
import { nearestName } from './errors/suggest.ts';
import type { ArtifactCache } from './artifact-cache.ts';
import type { CachedPackage } from './cached-records.ts';
import { digestMismatch, notFound, offlineError } from './artifact-errors.ts';
import { packageUri, type FileUri, type NpmUri, type PypiUri, type WebUri } from './artifact-uri.ts';
import { entryPath, isIncluded } from './storage/entry-path.ts';
import { fetchArchive } from './fetch-archive.ts';
import type { FetchSettings } from './archives/fetched-archive.ts';
import { isIntact, recordOf, sha256File, type FileRecord } from './storage/file-digest.ts';
import { createHttpClient } from './http/http-client.ts';
import { withLock } from './storage/process-lock.ts';
import { unpack } from './archives/unpack.ts';

export type PackageUri = NpmUri | PypiUri | WebUri | FileUri;

export interface WantedPackage {
  /** How messages call it. */
  label: string;
  include: readonly string[];
  archiveSha256?: string;
  maxBytes?: number;
  maxUnpackedBytes?: number;
  /** One file whose digest is to be checked. */
  file?: { path: string; sha256?: string };
}

export interface UnpackedPackage {
  path: string;
  files: Readonly<Record<string, FileRecord>>;
  archiveSha256: string;
  cached: boolean;
}

interface Archive {
  path: string;
  sha256: string;
  strip: 0 | 1;
  cached: boolean;
}

const MAX_ARCHIVE_BYTES = 2 * 2 ** 30;
const MAX_UNPACKED_BYTES = 8 * 2 ** 30;
const MAX_ENTRIES = 500_000;
const READERS = 8;

/** Packages in the cache: the archive as it was fetched and, unpacked, the parts that were asked for. */
export class PackageStore {
  readonly #cache: ArtifactCache;
  readonly #settings: FetchSettings;

  constructor(cache: ArtifactCache, settings: FetchSettings) {
    this.#cache = cache;
    this.#settings = settings;
  }

  async unpacked(uri: PackageUri, asked: WantedPackage): Promise<UnpackedPackage> {
    const name = packageUri(uri);
    const want = { ...asked, include: included(asked) };
    // A local archive may change between two uses; its digest says which content is meant.
    if (uri.scheme === 'file') want.archiveSha256 = await localDigest(uri, want);
    const cached = await this.#cached(name, want);
    if (cached) return cached;
    return withLock(this.#cache.locks, this.#cache.key(name), async (signal) => {
      const meanwhile = await this.#cached(name, want);
      if (meanwhile) return meanwhile;
      return this.#cache.staged(async (staging) => {
        const archive = await this.#archive(uri, name, want, staging, signal);
        try {
          return await this.#unpack(name, want, archive, join(staging, 'content'), staging);
        } catch (error) {
          // An archive that was cached before is kept where only the caller's digest for a file is at odds with it.
          const blames = archive.cached
            ? ['archive-unsafe', 'archive-invalid']
            : ['archive-unsafe', 'archive-invalid', 'artifact-digest'];
          if (HeadstartError.is(error) && blames.includes(error.code) && uri.scheme !== 'file')
            await this.#cache.remove(this.#cache.fileFolder(name));
          throw error;
        }
      });
    });
  }

  async #cached(
    name: string,
    { label, include, archiveSha256, file }: WantedPackage,
  ): Promise<UnpackedPackage | undefined> {
    const folder = this.#cache.packageFolder(name);
    const record = await this.#cache.packageRecord(folder);
    if (!record || (archiveSha256 && record.archiveSha256 !== archiveSha256)) return undefined;
    if (!include.every((wanted) => isIncluded(wanted, record.covers))) return undefined;
    if (file?.sha256 && record.files[file.path] && record.files[file.path]!.sha256 !== file.sha256) return undefined;
    const path = join(folder, 'content');
    const wanted = Object.entries(record.files).filter(([file]) => isIncluded(file, include));
    requireFound(
      label,
      include,
      wanted.map(([file]) => file),
      Object.keys(record.files),
    );
    if (!(await allIntact(path, wanted))) return undefined;
    return { path, files: Object.fromEntries(wanted), archiveSha256: record.archiveSha256, cached: true };
  }

  /** The archive from the cache, where it is still what its record says, else fetched. */
  async #archive(
    uri: PackageUri,
    name: string,
    want: WantedPackage,
    staging: string,
    signal: AbortSignal,
  ): Promise<Archive> {
    if (uri.scheme === 'file') return { path: uri.path, sha256: want.archiveSha256!, strip: 0, cached: true };
    const folder = this.#cache.fileFolder(name);
    const record = await this.#cache.fileRecord(folder);
    if (record && (!want.archiveSha256 || record.sha256 === want.archiveSha256)) {
      const path = join(folder, record.file);
      if ((await sha256File(path).catch(() => undefined)) === record.sha256)
        return { path, sha256: record.sha256, strip: record.strip, cached: true };
    }
    if (this.#settings.offline) throw offlineError(want.label, this.#cache.root);
    const { env } = this.#settings;
    const http = await createHttpClient(env);
    const progress = this.#settings.progress.start({ label: `download ${shortName(name)}`, unit: 'bytes' });
    try {
      const maxBytes = want.maxBytes ?? MAX_ARCHIVE_BYTES;
      const request = {
        label: want.label,
        staging,
        partial: this.#cache.partial,
        maxBytes,
        sha256: want.archiveSha256,
        env,
        http,
        progress,
        signal,
      };
      const fetched = await fetchArchive(uri, request, this.#cache.key(name));
      const sha256 = await sha256File(fetched.path);
      if (want.archiveSha256 && sha256 !== want.archiveSha256)
        throw digestMismatch(want.label, want.archiveSha256, sha256);
      const path = join(folder, 'archive');
      await this.#cache.publish(fetched.path, path);
      await this.#cache.writeRecord(folder, {
        ...(await recordOf(path, sha256)),
        uri: name,
        file: 'archive',
        via: fetched.via,
        strip: fetched.strip,
      });
      return { path, sha256, strip: fetched.strip, cached: false };
    } finally {
      progress.end();
      await http.close();
    }
  }

  async #unpack(
    name: string,
    want: WantedPackage,
    archive: Archive,
    content: string,
    staging: string,
  ): Promise<UnpackedPackage> {
    const { include, label, file } = want;
    const progress = this.#settings.progress.start({ label: `unpack ${shortName(name)}`, unit: 'bytes' });
    const { files, others } = await unpack(archive.path, content, {
      label,
      include,
      strip: archive.strip,
      maxBytes: want.maxUnpackedBytes ?? MAX_UNPACKED_BYTES,
      maxEntries: MAX_ENTRIES,
      onBytes: (bytes) => progress.update(bytes),
    }).finally(() => progress.end());
    requireFound(label, include, [...files.keys()], others);
    const received = file && files.get(file.path)?.sha256;
    if (file?.sha256 && received && received !== file.sha256) throw digestMismatch(label, file.sha256, received);
    const record = await this.#publish(name, include, archive.sha256, files, content, staging);
    return {
      path: join(this.#cache.packageFolder(name), 'content'),
      files: Object.fromEntries(Object.entries(record.files).filter(([path]) => isIncluded(path, include))),
      archiveSha256: archive.sha256,
      cached: archive.cached,
    };
  }

  /** Adds the files to those of the same archive that are there, or puts them in their place. */
  async #publish(
    name: string,
    include: readonly string[],
    archiveSha256: string,
    files: Map<string, FileRecord>,
    content: string,
    staging: string,
  ): Promise<CachedPackage> {
    const folder = this.#cache.packageFolder(name);
    const target = join(folder, 'content');
    const before = await this.#cache.packageRecord(folder);
    const keep = before && before.archiveSha256 === archiveSha256 && !include.includes('');
    if (keep) {
      for (const path of files.keys()) await this.#cache.publish(join(content, path), join(target, path));
    } else {
      await this.#cache.retire(target, join(staging, 'retired'));
      await this.#cache.publish(content, target);
    }
    const record: CachedPackage = {
      uri: name,
      archiveSha256,
      covers: keep ? [...new Set([...before.covers, ...include])] : [...include],
      files: { ...(keep ? before.files : {}), ...Object.fromEntries(files) },
    };
    await this.#cache.writeRecord(folder, record);
    return record;
  }
}

/** A package's name and version without what else its URI says: what a person needs to see. */
function shortName(uri: string): string {
  return uri.replace(/^(npm|pypi):/, '').replace(/\?.*$/, '');
}

function included({ include, label }: WantedPackage): string[] {
  if (include.length === 0 || include.includes('')) return [''];
  return include.map((wanted) => {
    const checked = entryPath(wanted);
    if (checked.ok) return checked.path;
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${label}: "${wanted}" under "include" ${checked.why}.`,
      hint: 'Name files and folders relative to the package root, such as "img/small".',
    });
  });
}

/** Each of the wanted files and folders must have given something. */
function requireFound(
  label: string,
  include: readonly string[],
  found: readonly string[],
  others: readonly string[],
): void {
  for (const wanted of include) {
    if (found.some((path) => isIncluded(path, [wanted]))) continue;
    if (wanted === '') throw notFound(label, 'its archive holds no file.');
    const nearest = nearestName(wanted, others);
    throw notFound(
      label,
      `the package has no "${wanted}".`,
      nearest ? `Did you mean "${nearest}"?` : 'Check the path inside the package.',
    );
  }
}

async function localDigest(uri: FileUri, { label, archiveSha256 }: WantedPackage): Promise<string> {
  const sha256 = await sha256File(uri.path).catch((error: unknown) => {
    const missing = HeadstartError.is(error) && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
    throw missing ? notFound(label, `there is no file ${uri.path}.`) : error;
  });
  if (archiveSha256 && sha256 !== archiveSha256) throw digestMismatch(label, archiveSha256, sha256);
  return sha256;
}

async function allIntact(folder: string, files: readonly (readonly [string, FileRecord])[]): Promise<boolean> {
  const queue = [...files];
  let intact = true;
  const reader = async () => {
    for (let next = queue.pop(); next && intact; next = queue.pop()) {
      if (!(await isIntact(join(folder, next[0]), next[1]))) intact = false;
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return intact;
}
