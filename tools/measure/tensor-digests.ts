import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/**
 * The SHA-256 of each tensor of a safetensors file, of its name, type, shape and bytes. What else the file has, its
 * metadata and the order of its tensors, has no part in them.
 */
export async function tensorDigests(path: string): Promise<ReadonlyMap<string, string>> {
  const bytes = await readFile(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const { __metadata__: _, ...tensors } = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, StoredEntry>;
  return new Map(
    Object.entries(tensors).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]) => [
        name,
        createHash('sha256')
          .update(JSON.stringify([name, dtype, shape]))
          .update(bytes.subarray(start + begin, start + end))
          .digest('hex'),
      ],
    ),
  );
}

interface StoredEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

/** One SHA-256 of all tensors', in the order of their names. */
export function wholeDigest(tensors: ReadonlyMap<string, string>): string {
  const ordered = [...tensors.keys()].sort().map((name) => tensors.get(name));
  return createHash('sha256').update(ordered.join('\n')).digest('hex');
}

/** The names of tensors that one of the two lacks or has otherwise, in order. */
export function differing(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).sort();
}
