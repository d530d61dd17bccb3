import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { FolderLists } from './folder-lists.ts';

/** Text files beside label files that hold something else. */
const OTHER_TEXTS =
  /^(classes|predefined_classes|labels|names|obj|notes|train|val|valid|test|requirements|.*readme.*)\.txt$/i;

/**
 * The label files of pictures: `images/train/1.jpg` has its boxes in `labels/train/1.txt`. Names are compared without
 * regard to case, and `1.jpg.txt` serves as well. A picture's file is looked for
 *
 * 1. where a folder of its path within the data set has `images` in its name, in the folder that has `labels` in
 *    place of that: the last such folder first;
 * 2. in the picture's own folder;
 * 3. in one folder `labels` for all, where it has no folder for these pictures;
 * 4. where `images` lies above the data set, as in 1.
 */
export class LabelFiles {
  readonly #lists: FolderLists;
  readonly #places = new Map<string, Promise<readonly string[]>>();
  readonly #owner = new Map<string, string>();
  readonly #used = new Set<string>();

  /** @param root the folder of the data set */
  constructor(
    readonly root: string,
    lists = new FolderLists(),
  ) {
    this.#lists = lists;
  }

  /** The label file of a picture; undefined where there is none. */
  async find(picture: string): Promise<string | undefined> {
    const name = basename(picture);
    for (const folder of await this.places(dirname(picture))) {
      const stem = name.slice(0, name.length - extname(name).length);
      const path = (await this.#lists.file(folder, `${stem}.txt`)) ?? (await this.#lists.file(folder, `${name}.txt`));
      if (path === undefined) continue;
      this.#used.add(folder);
      return path;
    }
    return undefined;
  }

  /**
   * Notes that a label file is this picture's.
   * @returns the picture of another folder whose it is already
   */
  claim(path: string, picture: string): string | undefined {
    const owner = this.#owner.get(path) ?? picture;
    this.#owner.set(path, owner);
    return dirname(owner) === dirname(picture) ? undefined : owner;
  }

  /** Label files that no picture claimed, in the folders of those that were. */
  async unclaimed(): Promise<string[]> {
    const lists = await Promise.all([...this.#used].sort().map((folder) => this.#lists.entries(folder)));
    return lists
      .flat()
      .filter(({ name, folder }) => !folder && extname(name).toLowerCase() === '.txt' && !OTHER_TEXTS.test(name))
      .map(({ path }) => path)
      .filter((path) => !this.#owner.has(path));
  }

  /** The folders in which label files of a folder's pictures can be; those that are there. */
  places(folder: string): Promise<readonly string[]> {
    let places = this.#places.get(folder);
    if (!places) this.#places.set(folder, (places = this.#placesOf(folder)));
    return places;
  }

  async #placesOf(folder: string): Promise<string[]> {
    const names = folder.split(sep);
    const depth = relative(this.root, folder).startsWith('..') ? names.length : this.root.split(sep).length;
    const inside: string[] = [];
    const outside: string[] = [];
    const forAll: string[] = [];
    for (let i = names.length - 1; i > 0; i--) {
      const instead = names[i]!.replace(/(jpeg)?images?|imgs?/i, 'labels');
      if (instead === names[i]) continue;
      const labels = await this.#lists.folder(names.slice(0, i).join(sep) || sep, instead);
      const same = labels === undefined ? undefined : await this.#below(labels, names.slice(i + 1));
      if (same !== undefined) (i >= depth ? inside : outside).push(same);
      else if (labels !== undefined && i >= depth) forAll.push(labels);
    }
    const labels = await this.#lists.folder(this.root, 'labels');
    if (labels !== undefined && inside.length + forAll.length === 0)
      forAll.push((await this.#below(labels, names.slice(depth))) ?? labels);
    return [...new Set([...inside, folder, ...(inside.length === 0 ? forAll : []), ...outside])];
  }

  async #below(folder: string, names: readonly string[]): Promise<string | undefined> {
    let path: string | undefined = folder;
    for (const name of names) path = path && (await this.#lists.folder(path, name));
    return path;
  }

  /** Where a picture's label file was looked for, for messages: the usual place, and those that are there. */
  async looked(picture: string): Promise<string> {
    const stem = basename(picture, extname(picture));
    const names = relative(this.root, dirname(picture)).split(sep);
    const at = names.findLastIndex((name) => /images/i.test(name));
    if (at >= 0) names[at] = names[at]!.replace(/images/i, 'labels');
    const places = await this.places(dirname(picture));
    const paths = [join(this.root, ...names), ...places].map((place) => join(place, `${stem}.txt`));
    return [...new Set(paths)].map((path) => relative(this.root, path).split(sep).join('/')).join(' and ');
  }
}
