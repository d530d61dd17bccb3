import {
  isLeftover,
  listFolder,
  lookAtTable,
  namesPicture,
  splitNamed,
  type RecognisedLayout,
} from '@headstart/core/readers';
import { namesImage } from '@headstart/core/images';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

const FOLDERS = 'Put the pictures of each class into a folder of its name';
const TABLE = 'list the pictures in a table with the columns path and label, and give that as the target';

/**
 * Pictures of which nothing says what they are: a single one, a folder with pictures and no folders, a table of names beside
 * pictures that are not called so.
 */
export async function unlabelledLayout(path: string): Promise<RecognisedLayout | undefined> {
  if (!(await stat(path)).isDirectory()) return namesPicture(path) ? SINGLE : tableOfIds(path);
  const entries = await listFolder(path, isLeftover);
  const pictures = entries.filter(({ folder, name }) => !folder && namesImage(name)).map(({ name }) => name);
  const folders = entries.filter(({ folder }) => folder);
  const other = folders.filter(({ name }) => splitNamed(name) === undefined);
  if (pictures.length === 0 || other.length > 0) return undefined;
  return { layout: `pictures that nothing says the classes of (${pictures[0]!}, …)`, hint: hintFor(pictures) };
}

const SINGLE: RecognisedLayout = {
  layout: 'a single picture',
  hint: `To ask a model about it: headstart predict. To learn: put the pictures of each class into a folder of its name and give the folder above them, or ${TABLE}.`,
};

/** A table that is about nothing else, with names in a column and pictures beside it or in a folder there. */
async function tableOfIds(path: string): Promise<RecognisedLayout | undefined> {
  const look = await lookAtTable(path).catch(() => undefined);
  const ids = look?.about === 'unknown' ? look.columns.find(({ kind }) => kind === 'id') : undefined;
  if (!ids || !(await hasPictures(dirname(resolve(path)), 1))) return undefined;
  return {
    layout: `names in the column "${ids.name}" that are none of the pictures beside it`,
    hint: `Where they name pictures: --reader image-csv --reader-option path-column=${ids.name}, with root=<folder> for where the pictures are, or ending=.jpg for what their names end with.`,
  };
}

async function hasPictures(folder: string, depth: number): Promise<boolean> {
  const entries = await listFolder(folder, isLeftover);
  if (entries.some((entry) => !entry.folder && namesImage(entry.name))) return true;
  if (depth === 0) return false;
  for (const entry of entries) if (entry.folder && (await hasPictures(entry.path, depth - 1))) return true;
  return false;
}

function hintFor(pictures: readonly string[]): string {
  const classes = classesInNames(pictures);
  if (!classes) return `${FOLDERS}, or ${TABLE}.`;
  const [first] = classes;
  return `The names look as if they began with the class (${classes.slice(0, 3).join(', ')}): put ${first}… into a folder called ${first}, and so on, or ${TABLE}.`;
}

/** What the names begin with, where few beginnings come back: cat.0.png, dog_17.jpg. */
function classesInNames(names: readonly string[]): string[] | undefined {
  const beginnings = names.map((name) => /^(\p{L}[\p{L}\s-]*?)[\s._-]*\d+/u.exec(basename(name))?.[1]);
  const classes = [...new Set(beginnings)];
  if (classes.length < 2 || classes.length > names.length / 2) return undefined;
  return classes.every((each) => each !== undefined) ? classes : undefined;
}
