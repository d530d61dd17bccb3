import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256File } from '@headstart/artifacts/storage';
import type { SourceDomain } from '../../domains/source-domain.ts';
import type { PluginVersion } from '../../plugins/origin.ts';

/** A source by what it gives, wherever it lies. */
export interface SourceIdentity {
  /** Its id, without a folder of this machine. */
  readonly name: string;
  /** Digests of its files; of one whose files have none, what plugin has it in which version, and that it has none. */
  readonly files: string;
}

/**
 * Tells sources apart without opening them: by the digests that their cards name, and those of files that lie here.
 * @param origin the plugin that has it
 */
export async function sourceIdentity(
  { id, card }: SourceDomain,
  origin: PluginVersion | undefined,
): Promise<SourceIdentity> {
  const local = card.files.some(({ uri }) => localPath(uri) !== undefined);
  const name = local ? `${id.split(':', 1)[0]}:${/#.*$/.exec(id)?.[0] ?? ''}` : id;
  const digests = await Promise.all(card.files.map(digestOf));
  if (digests.length > 0 && digests.every((digest) => digest !== undefined))
    return { name, files: `sha256 ${createHash('sha256').update(JSON.stringify(digests)).digest('hex')}` };
  const { plugin = 'no plugin', version = '' } = origin ?? {};
  return { name, files: `by name, without digests: ${id} of ${`${plugin} ${version}`.trim()}` };
}

async function digestOf({ uri, sha256 }: SourceDomain['card']['files'][number]): Promise<string | undefined> {
  if (sha256 !== undefined) return sha256;
  const path = localPath(uri);
  return path === undefined ? undefined : contentDigest(path);
}

/** The path of a file or folder that lies here. */
function localPath(uri: string): string | undefined {
  if (uri.startsWith('file:')) return fileURLToPath(uri);
  return existsSync(uri) ? uri : undefined;
}

/** SHA-256 of a file; of a folder, of the names and contents of all files in it. */
async function contentDigest(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return sha256File(path);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of files.sort())
    hash.update(JSON.stringify([relative(path, file).split(sep), await sha256File(file)]));
  return hash.digest('hex');
}
