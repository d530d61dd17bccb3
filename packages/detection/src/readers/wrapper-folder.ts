import { basename, extname, relative, sep } from 'node:path';
import type { Reader, Sample } from '@headstart/core';
import { isLeftover, listFolder } from '@headstart/core/readers';
import { isAnnotationFolder } from './coco-files.ts';
import { splitOfName } from './split-of-name.ts';

/** A folder within a folder within a folder: an archive that was unpacked twice. */
const DEEPEST = 4;

/** What may lie beside the only folder and says nothing of its data. */
const NOTICE = /^(read[-_ ]?me.*|licen[cs]e.*|citation.*|changelog.*|notice.*)$/i;
const DOCUMENTS = ['.md', '.pdf', '.html', '.zip', '.tar', '.tgz', '.gz', '.rst', '.docx'];
/** Folders of a layout: what holds one alone is a set, not what a set lies in. */
const PARTS = /(images?|imgs?|pictures?|photos?|xmls?)$/i;

/**
 * The only folder in a folder, as it is after unpacking an archive: with nothing beside it but notices, and not named as a
 * part of a data set is (a split, `images`, `labels`).
 */
export async function wrappedIn(path: string): Promise<string | undefined> {
  const entries = await listFolder(path, isLeftover).catch(() => []);
  const [only, ...more] = entries.filter(
    ({ name, folder }) => folder || !(NOTICE.test(name) || DOCUMENTS.includes(extname(name).toLowerCase())),
  );
  if (!only?.folder || more.length > 0) return undefined;
  return splitOfName(only.name) || isAnnotationFolder(only.name) || PARTS.test(only.name) ? undefined : only.path;
}

/** A reader that goes into the only folder of one that is none of its data sets, and says so. */
export function enteringWrappers<S extends Sample>(reader: Reader<S>): Reader<S> {
  const find = async (path: string) => {
    const own = await reader.detect(path);
    let inner: string | undefined = path;
    for (let depth = 0, sure = own; depth < DEEPEST; depth++) {
      if (sure > 0) return { place: inner, sure };
      inner = await wrappedIn(inner);
      if (inner === undefined) break;
      sure = await reader.detect(inner);
    }
    return { place: path, sure: own };
  };
  return {
    ...reader,
    detect: async (path) => (await find(path)).sure,
    ...(reader.recognise && {
      async recognise(path, wanted) {
        const inner = await wrappedIn(path);
        return (
          (await reader.recognise!(path, wanted)) ??
          (inner === undefined ? undefined : reader.recognise!(inner, wanted))
        );
      },
    }),
    async read(path, options) {
      const { place } = await find(path);
      const data = await reader.read(place, options);
      if (place === path) return data;
      const remark = `The data are in ${relative(path, place).split(sep).join('/')}, the only folder in ${basename(path)}.`;
      return { ...data, notes: { ...data.notes, remarks: [remark, ...(data.notes?.remarks ?? [])] } };
    },
  };
}
