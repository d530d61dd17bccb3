import { basename, extname } from 'node:path';
import { namesImage } from '@headstart/core/images';
import { fileFinder, type FileFinder } from '@headstart/core/readers';
import type { FolderLists } from './folder-lists.ts';
import { stemOf, type AnnotationFile } from './voc-files.ts';

/** Finds the pictures of annotation files. */
export class VocPictures {
  readonly #lists: FolderLists;
  readonly #finders = new Map<string, FileFinder>();
  readonly #byStem = new Map<string, Promise<ReadonlyMap<string, string>>>();

  constructor(lists: FolderLists) {
    this.#lists = lists;
  }

  /**
   * The picture that an annotation file names, in its folders of pictures or deeper (see `fileFinder`), or in one of
   * the others; or else the one there of the named file's stem, or of the annotation file's own.
   * @returns its path, or why there is none
   */
  async find(file: AnnotationFile, filename = ''): Promise<{ path: string } | { missing: string }> {
    const { xml, pictures, others } = file;
    const finder = this.#finderIn(pictures);
    const name = basename(filename.replaceAll('\\', '/'));
    const path =
      (filename !== '' && ((await finder.find(filename)) ?? (await this.#fileIn(others, filename)))) ||
      (await this.#ofStem([...pictures, ...others], [name, stemOf(name), stemOf(xml)]));
    if (path) return { path };
    const why =
      filename === ''
        ? `there is no picture ${stemOf(xml)}.* in ${[...pictures, ...others].join(' or ')}`
        : await finder.whyNot(filename);
    return { missing: `${xml} has no picture: ${why}` };
  }

  /** The pictures in a folder. */
  async picturesIn(folder: string): Promise<string[]> {
    return [...(await this.#stemsIn(folder)).values()];
  }

  async #fileIn(folders: readonly string[], name: string): Promise<string | undefined> {
    for (const folder of folders) {
      const path = await this.#lists.file(folder, name);
      if (path !== undefined) return path;
    }
    return undefined;
  }

  async #ofStem(folders: readonly string[], stems: readonly string[]): Promise<string | undefined> {
    for (const stem of stems) {
      for (const folder of folders) {
        const path = (await this.#stemsIn(folder)).get(stem);
        if (path !== undefined) return path;
      }
    }
    return undefined;
  }

  #finderIn(folders: readonly string[]): FileFinder {
    const key = folders.join('\n');
    let finder = this.#finders.get(key);
    if (!finder) this.#finders.set(key, (finder = fileFinder(folders)));
    return finder;
  }

  #stemsIn(folder: string): Promise<ReadonlyMap<string, string>> {
    let stems = this.#byStem.get(folder);
    if (!stems) {
      stems = this.#lists.entries(folder).then((entries) => {
        const pictures = entries.filter((entry) => !entry.folder && namesImage(entry.name));
        // Of several pictures with one stem the first counts.
        return new Map(pictures.reverse().map(({ name, path }) => [basename(name, extname(name)), path]));
      });
      this.#byStem.set(folder, stems);
    }
    return stems;
  }
}
