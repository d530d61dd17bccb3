import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageError } from './errors/storage-error.ts';
import { writeAtomic } from './storage/atomic-file.ts';
import { isCachedFile, isCachedPackage, type CachedFile, type CachedPackage } from './cached-records.ts';
import { ensureFolder } from './storage/ensure-folder.ts';

/**
 * The folders of the artifact cache. Everything is made in `staging` and moved into place by a
 * rename; a record is written last, so that what a crash leaves behind is never taken for whole.
 */
export class ArtifactCache {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get locks(): string {
    return join(this.root, 'locks');
  }

  get partial(): string {
    return join(this.root, 'partial');
  }

  /** Folder name of an URI: readable, and unique by its digest. */
  key(uri: string): string {
    const readable = uri
      .replace(/[^\w.@-]+/g, '-')
      .replace(/^-+/, '')
      .slice(0, 60);
    return `${readable}-${createHash('sha256').update(uri).digest('hex').slice(0, 16)}`;
  }

  fileFolder(uri: string): string {
    return join(this.root, 'files', this.key(uri));
  }

  packageFolder(uri: string): string {
    return join(this.root, 'packages', this.key(uri));
  }

  /** Runs `work` with an empty folder on the cache's own file system, removed afterwards. */
  async staged<T>(work: (staging: string) => Promise<T>): Promise<T> {
    await this.#sweep();
    const staging = join(this.root, 'staging', `${process.pid}-${randomBytes(6).toString('hex')}`);
    try {
      await ensureFolder(staging);
    } catch (cause) {
      throw storageError('create', staging, cause);
    }
    try {
      return await work(staging);
    } finally {
      await rm(staging, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
    }
  }

  #swept = false;

  /** Removes what killed processes left in `staging` and what nobody continued in `partial`. */
  async #sweep(): Promise<void> {
    if (this.#swept) return;
    this.#swept = true;
    for (const [folder, days] of [
      [join(this.root, 'staging'), 1],
      [this.partial, 14],
    ] as const) {
      for (const name of await readdir(folder).catch(() => [])) {
        const path = join(folder, name);
        const modified = (await stat(path).catch(() => undefined))?.mtimeMs ?? Infinity;
        if (modified < Date.now() - days * 86_400_000) await rm(path, { recursive: true, force: true }).catch(() => {});
      }
    }
  }

  /** The record of a file, or undefined where there is none that can be read. */
  async fileRecord(folder: string): Promise<CachedFile | undefined> {
    const record = await this.#record(folder);
    return isCachedFile(record) ? record : undefined;
  }

  /** The record of a package, or undefined where there is none that can be read. */
  async packageRecord(folder: string): Promise<CachedPackage | undefined> {
    const record = await this.#record(folder);
    return isCachedPackage(record) ? record : undefined;
  }

  async #record(folder: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(join(folder, 'record.json'), 'utf8'));
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EIO') throw storageError('read', folder, cause);
      return undefined;
    }
  }

  async writeRecord(folder: string, record: CachedFile | CachedPackage): Promise<void> {
    await writeAtomic(join(folder, 'record.json'), JSON.stringify(record));
  }

  /** The commit that a revision of a repository of the hub stands for here, where that has been asked for. */
  async commitOf(revision: string): Promise<string | undefined> {
    try {
      const { commit } = JSON.parse(await readFile(this.#commitFile(revision), 'utf8')) as { commit?: unknown };
      return typeof commit === 'string' && /^[0-9a-f]{40}$/.test(commit) ? commit : undefined;
    } catch {
      return undefined; // it is asked for again
    }
  }

  /** Notes which commit that is. @param revision `hf:owner/repo@revision` */
  async noteCommit(revision: string, commit: string): Promise<void> {
    await writeAtomic(this.#commitFile(revision), JSON.stringify({ revision, commit }));
  }

  #commitFile(revision: string): string {
    return join(this.root, 'commits', `${this.key(revision)}.json`);
  }

  /** Notes that there was no such file when it was asked for. */
  async noteAbsent(folder: string, uri: string): Promise<void> {
    await writeAtomic(join(folder, 'absent.json'), JSON.stringify({ uri }));
  }

  async isNotedAbsent(folder: string): Promise<boolean> {
    return stat(join(folder, 'absent.json')).then(
      () => true,
      () => false,
    );
  }

  /** Moves a finished file into place. */
  async publish(from: string, to: string): Promise<void> {
    try {
      await ensureFolder(dirname(to));
      await rename(from, to);
    } catch (cause) {
      throw storageError('write', to, cause);
    }
  }

  /** Takes a folder out of use at once; it is deleted with the staging folder. */
  async retire(from: string, to: string): Promise<void> {
    await rename(from, to).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw storageError('replace', from, cause);
    });
  }

  async remove(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch((cause: unknown) =>
      Promise.reject(storageError('remove', path, cause)),
    );
  }
}
