import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** The files below a folder by their paths, in the paths' order. */
export async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const files = await Promise.all(
    paths.sort().map(
      async (path) =>
        [
          path
            .slice(folder.length + 1)
            .split(sep)
            .join('/'),
          await readFile(path),
        ] as const,
    ),
  );
  return new Map(files);
}

/** Makes something once in this process. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
