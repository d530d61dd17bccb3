import { extname, join, resolve } from 'node:path';
import { byCodeUnit } from '../domains/by-code-unit.ts';
import type { PassedOver } from '../domains/reading-notes.ts';
import type { ClassFolderKind } from './class-folder-kind.ts';
import { classFolderOptions } from './class-options.ts';
import { FOREIGN, NOTES, readTree, type FolderTree } from './folder-tree.ts';
import { PassedOverTally } from './passed-over.ts';

/** Files of one kind, wherever they lie in a folder. */
export interface EveryFile {
  /** In code-point order of their ids, which are paths within the data, with forward slashes. */
  readonly files: readonly { readonly id: string; readonly path: string }[];
  readonly passedOver: PassedOver[];
}

/**
 * Every file of a kind in a folder and below, whatever the folders are for: no name of a folder and no file beside them says
 * anything of a file. Passed over, and counted, is what is no such file by its name, folders of annotations, runs of ours.
 * @param options of the reader, of which `ignore=samples,raw` is followed
 * @throws HeadstartError `target-not-found`, `target-unreadable`, `invalid-option`
 */
export async function listEveryFile(
  path: string,
  kind: ClassFolderKind,
  options: Readonly<Record<string, string>> = {},
): Promise<EveryFile> {
  const tally = new PassedOverTally();
  const { ignored } = classFolderOptions(options);
  const files: EveryFile['files'][number][] = [];
  const gather = async ({ id, path: folder, files: names, folders }: FolderTree): Promise<void> => {
    for (const name of names) {
      const file = { id: id === '' ? name : `${id}/${name}`, path: join(folder, name) };
      if (kind.names(name) || (extname(name) === '' && (await kind.begins?.(file.path)))) files.push(file);
      else tally.add(FOREIGN, file.id);
    }
    for (const inner of folders) await gather(inner);
  };
  await gather(await readTree(resolve(path), { kind, ignored, tally }));
  files.sort((a, b) => byCodeUnit(a.id, b.id));
  return { files, passedOver: tally.list().map(saidOfLabels) };
}

/** Notes and tables beside samples may be their annotations: people are to know that nothing in them was read. */
function saidOfLabels(passed: PassedOver): PassedOver {
  return passed.what === NOTES
    ? { ...passed, what: 'notes, tables and annotation files, which are not read,' }
    : passed;
}
