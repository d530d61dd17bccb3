import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { HeadstartError, type SkippedSample, type SplitName } from '@headstart/core';
import { readLines, splitNamed, type Entry } from '@headstart/core/readers';
import { FolderLists } from './folder-lists.ts';
import { splitOfName } from './split-of-name.ts';
import { looksLikeVoc } from './voc-xml.ts';

/** An annotation file and where its picture may be. */
export interface AnnotationFile {
  readonly xml: string;
  /** Folders of pictures, in which or below which its picture lies. */
  readonly pictures: readonly string[];
  /** Folders in which its picture may lie instead. */
  readonly others: readonly string[];
  readonly split?: SplitName;
}

const ANNOTATIONS = /^(?:(.*)[-_ ])?(annotations?|annots?|xmls?|labels?)$/i;
const PICTURES = /^(?:(.*)[-_ ])?(jpegimages|images?|imgs?|pictures?|photos?)$/i;
const isXml = ({ folder, name }: Entry) => !folder && extname(name).toLowerCase() === '.xml';

/** The name of a file without its ending. */
export const stemOf = (path: string) => basename(path, extname(path));

/**
 * The Pascal VOC files of a data set: beside their pictures, or in a folder of annotations (`Annotations`, `annots`,
 * `annotations/xmls`, `train_annotations`), in the data set itself or in folders that are named for splits. Pictures
 * lie beside a folder of annotations, in a folder of pictures that is called for the same split.
 * @throws HeadstartError `target-not-found`, `target-unreadable` for several data sets in one folder
 */
export async function annotationFiles(root: string, lists: FolderLists): Promise<AnnotationFile[]> {
  const sets = await setsIn(root, lists);
  if (sets.length > 1) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${root} has ${sets.length} data sets in Pascal VOC's layout: ${sets.map((set) => basename(set)).join(', ')}.`,
      hint: 'Give the folder of one of them; to learn from all, put their Annotations, JPEGImages and ImageSets together.',
    });
  }
  return filesOf(sets[0] ?? root, undefined, lists);
}

/** Data sets in folders of one that is none itself: VOCdevkit with VOC2007 and VOC2012. */
async function setsIn(root: string, lists: FolderLists): Promise<string[]> {
  const folders = (await lists.entries(root)).filter(({ folder }) => folder);
  if (folders.some(({ name }) => ANNOTATIONS.test(name))) return [];
  const sets: string[] = [];
  for (const { name, path } of folders) {
    if (splitOfName(name) !== undefined) continue;
    const inner = (await lists.entries(path)).filter(({ folder }) => folder).map((entry) => entry.name);
    if (inner.some((each) => ANNOTATIONS.test(each)) && inner.some((each) => PICTURES.test(each))) sets.push(path);
  }
  return sets;
}

async function filesOf(root: string, split: SplitName | undefined, lists: FolderLists): Promise<AnnotationFile[]> {
  const entries = await lists.entries(root);
  const files: AnnotationFile[] = entries
    .filter(isXml)
    .map(({ path: xml }) => ({ xml, pictures: [root], others: [], split }));
  for (const { folder, name, path } of entries) {
    if (!folder) continue;
    const own = split ?? splitOfName(name);
    const [, called, kind] = ANNOTATIONS.exec(name) ?? [];
    if (kind !== undefined) {
      const inner = (await lists.entries(path)).find((entry) => entry.folder && /^xmls?$/i.test(entry.name));
      const pictures = pictureFolders(entries, called);
      for (const at of inner ? [path, inner.path] : [path]) {
        const xmls = (await lists.entries(at)).filter(isXml);
        const where = pictures.length > 0 ? { pictures, others: [root, at] } : { pictures: [root], others: [at] };
        for (const { path: xml } of xmls) files.push({ xml, ...where, split: own });
      }
    } else if (own !== undefined && split === undefined) {
      for (const file of await filesOf(path, own, lists)) files.push(file);
    }
  }
  return files;
}

/** Folders of pictures beside one of annotations: those called alike (`train_images`), or for their kind alone. */
function pictureFolders(entries: readonly Entry[], called: string | undefined): string[] {
  const folders = entries
    .filter(({ folder }) => folder)
    .map(({ name, path }) => ({ path, match: PICTURES.exec(name) }));
  const alike = folders.filter(({ match }) => match && match[1]?.toLowerCase() === called?.toLowerCase());
  const plain = folders.filter(({ match }) => match && match[1] === undefined);
  return [...new Set([...alike, ...plain].map(({ path }) => path))];
}

/** So many files are looked into to tell whether they are Pascal VOC's. */
const LOOK = 5;

/** Whether there are Pascal VOC files at a path, in one data set or in several. */
export async function hasVocFiles(path: string, lists: FolderLists): Promise<boolean> {
  const sets = await setsIn(path, lists);
  const files = await filesOf(sets[0] ?? path, undefined, lists);
  for (const { xml } of files.slice(0, LOOK)) if (await looksLikeVoc(xml)) return true;
  return false;
}

/**
 * The splits of `ImageSets/Main`, where there are any: lists of names, with or without endings, in files that are named
 * for splits. Files that none of them lists are left out and reported.
 * @throws HeadstartError `target-unreadable` where the lists name no file
 */
export async function withSplits(
  root: string,
  files: readonly AnnotationFile[],
  lists: FolderLists,
): Promise<{ kept: readonly AnnotationFile[]; skipped: SkippedSample[] }> {
  const home = files[0] && dirname(dirname(files[0].xml));
  const splitOf = new Map<string, SplitName>();
  for (const folder of new Set([root, ...(home === undefined ? [] : [home])])) {
    const main = await lists.folder((await lists.folder(folder, 'ImageSets')) ?? join(folder, 'ImageSets'), 'Main');
    for (const { name, path } of main === undefined ? [] : await lists.entries(main)) {
      const split = extname(name).toLowerCase() === '.txt' ? splitNamed(stemOf(name)) : undefined;
      if (split === undefined) continue;
      for await (const { text } of readLines(path)) {
        const [written] = text.trim().split(/\s+/);
        if (written) splitOf.set(nameIn(written), split);
      }
    }
  }
  if (splitOf.size === 0) return { kept: files, skipped: [] };
  const kept = files.flatMap((file) => {
    const split = splitOf.get(stemOf(file.xml));
    return split === undefined ? [] : [{ ...file, split }];
  });
  if (kept.length === 0) throw noneListed(root, [...splitOf.keys()]);
  const unlisted = files.filter(({ xml }) => !splitOf.has(stemOf(xml)));
  return {
    kept,
    skipped: unlisted.map(({ xml }) => ({
      id: relative(root, xml).split(sep).join('/'),
      reason: 'no file in ImageSets/Main lists it',
    })),
  };
}

/** The name that a list gives a picture: without folders, and without the ending of a picture or an annotation file. */
function nameIn(written: string): string {
  return basename(written.replaceAll('\\', '/')).replace(/\.(jpe?g|png|bmp|tiff?|webp|gif|xml)$/i, '');
}

function noneListed(root: string, names: readonly string[]): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${root}: the lists in ImageSets/Main name ${names.length} pictures (${names.slice(0, 3).join(', ')}), and none of them has an annotation file.`,
    hint: 'Correct the lists: they give the names of annotation files without endings. Or remove ImageSets.',
  });
}
