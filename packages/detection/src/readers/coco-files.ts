import { basename, dirname, extname, relative, sep } from 'node:path';
import { HeadstartError, type SplitName } from '@headstart/core';
import { isLeftover, listFolder, type PassedOver } from '@headstart/core/readers';
import { lookAtJson, NOT_JSON, type JsonLook } from './look-at-json.ts';
import { passedOver } from './passed-over.ts';
import { splitOfName } from './split-of-name.ts';

/** A COCO file of a data set and the split that its name, or its folder's, gives it. */
export interface CocoFile {
  readonly path: string;
  readonly split?: SplitName;
}

/** The COCO files of a data set, and the JSON files that are none. */
export interface CocoFiles {
  readonly files: readonly CocoFile[];
  readonly passedOver: readonly PassedOver[];
  /** The first list of pictures without annotations. */
  readonly picturesOnly?: string;
  /** Boxes in another form than COCO's, the first file of them. */
  readonly notCoco?: Candidate & { readonly look: Extract<JsonLook, { kind: 'not-coco' }> };
}

type Candidate = CocoFile & { readonly look: JsonLook };

/** Files of COCO's own packages that hold no boxes to learn. */
const OTHER_TASKS = /^(captions|stuff|panoptic)_/i;
/** Keypoints with the boxes of some objects: boxes where there are no better ones. */
const KEYPOINTS = /^person_keypoints_/i;

/** Folders of annotations, by what exporters call them. */
export const isAnnotationFolder = (name: string) => /^(annotations?|annots?|anns?|labels?|coco|json)$/i.test(name);

const isJson = (name: string) => extname(name).toLowerCase() === '.json';

/**
 * The COCO files of a data set: the path itself, or the `.json` files in a folder, in its folder of annotations, and in
 * those that are named for splits. What they are is told by what they hold. Keypoint files count where no other does.
 * @throws HeadstartError `target-not-found`, `target-unreadable`
 */
export async function cocoFiles(path: string): Promise<CocoFiles> {
  if (isJson(path)) {
    const candidate = { path, look: await lookAtJson(path) };
    return isNotCoco(candidate)
      ? { files: candidate.look === NOT_JSON ? [{ path }] : [], passedOver: [], notCoco: candidate }
      : { files: [{ path }], passedOver: [] };
  }
  const found = await candidates(path, undefined, 2);
  const coco = found.filter(({ path: file, look }) => look.kind === 'coco' && !OTHER_TASKS.test(basename(file)));
  const better = coco.filter((file) => !KEYPOINTS.test(basename(file.path)));
  const files = better.length > 0 ? better : coco;
  const rest = (what: string, belongs: (candidate: Candidate) => boolean) =>
    passedOver(
      what,
      found
        .filter((candidate) => !files.includes(candidate) && belongs(candidate))
        .map((candidate) => relative(path, candidate.path).split(sep).join('/')),
    );
  return {
    files: files.map(({ path: file, split }) => ({ path: file, split })),
    passedOver: [
      ...rest('JSON files with lists of pictures and no annotations', ({ look }) => look.kind === 'pictures-only'),
      ...rest('COCO files of other tasks', ({ look }) => ['coco', 'other-task'].includes(look.kind)),
      ...rest('JSON files that are not COCO files', ({ look }) => ['other', 'not-coco'].includes(look.kind)),
    ],
    picturesOnly: found.find(({ look }) => look.kind === 'pictures-only')?.path,
    notCoco: found.find(isNotCoco),
  };
}

function isNotCoco(candidate: Candidate): candidate is NonNullable<CocoFiles['notCoco']> {
  return candidate.look.kind === 'not-coco';
}

async function candidates(folder: string, split: SplitName | undefined, depth: number): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const entry of await listFolder(folder, isLeftover)) {
    const own = split ?? splitOfName(entry.name);
    if (!entry.folder) {
      if (isJson(entry.name)) found.push({ path: entry.path, split: own, look: await lookAtJson(entry.path) });
    } else if (depth > 0 && (isAnnotationFolder(entry.name) || splitOfName(entry.name) !== undefined)) {
      found.push(...(await candidates(entry.path, own, depth - 1)));
    }
  }
  return found;
}

/**
 * Checks that the files of a data set are told apart: each is named for its split, or none is and they are one set.
 * @throws HeadstartError `target-unreadable`
 */
export function checkCocoFiles(root: string, { files, notCoco }: CocoFiles): void {
  if (notCoco && !files.some(({ split }) => split === notCoco.split)) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${notCoco.path} is not a COCO file but ${notCoco.look.form}.`,
      hint: notCoco.look.remedy,
    });
  }
  const nameless = files.find(({ split }) => split === undefined);
  if (!nameless || files.every(({ split }) => split === undefined)) return;
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${root} has ${files.length} COCO files, and the name of ${relative(root, nameless.path)} does not name a split.`,
    hint: 'Name annotation files for their splits (train.json, val.json, test.json), or give the one to read.',
  });
}

/** The folders that a file's pictures may lie in, deeper or not: its own, and that above a folder of annotations. */
export function cocoRoots(root: string, { path }: CocoFile): string[] {
  const folder = dirname(path);
  const name = basename(folder);
  return [folder, ...(isAnnotationFolder(name) || splitOfName(name) ? [dirname(folder)] : []), root];
}
