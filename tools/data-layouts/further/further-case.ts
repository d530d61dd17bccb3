import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { drawPicture } from '../draw-picture.ts';
import type { Expectation } from '../expectation.ts';
import type { CaseRequest } from '../read-case.ts';

/** Who reads such data. */
export type Part = 'tables' | 'texts' | 'pictures' | 'folders' | 'boxes' | 'layouts' | 'inspect';

/** Data made by code, and what may become of them. */
export interface FurtherCase {
  readonly name: string;
  readonly part: Part;
  /** Files by their paths in the case's folder. */
  readonly files: Readonly<Record<string, string | Buffer | Picture>>;
  /** What in the folder is the target; the folder itself where absent. */
  readonly target?: string;
  readonly options?: Omit<CaseRequest, 'target'>;
  readonly expectation: Expectation;
}

/** A picture of one colour with a square in it, drawn as it is written. */
export interface Picture {
  readonly picture: number;
  readonly width: number;
  readonly height: number;
}

/** The n-th picture: no two are alike. */
export const picture = (n: number, width = 40, height = 30): Picture => ({ picture: n, width, height });

/** Writes a case's files. @returns the path of its target */
export async function makeCase(folder: string, { files, target = '.' }: FurtherCase): Promise<string> {
  for (const [name, contents] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      typeof contents === 'object' && 'picture' in contents ? await drawn(contents, name) : contents,
    );
  }
  return join(folder, target);
}

function drawn({ picture: n, width, height }: Picture, name: string): Promise<Buffer> {
  return drawPicture(n, { format: /\.jpe?g$/i.test(name) ? 'jpeg' : 'png', width, height });
}

/** The files of class folders: so many pictures each, all different. */
export function classFolders(counts: Readonly<Record<string, number>>, root = '', from = 0): Record<string, Picture> {
  let n = from;
  const files: Record<string, Picture> = {};
  for (const [label, count] of Object.entries(counts))
    for (let i = 0; i < count; i++) files[`${root}${label}/${i}.png`] = picture(n++);
  return files;
}

/** Twenty texts of two classes, in turn. */
export const TEXTS = Array.from({ length: 20 }, (_, i) => ({
  text: `${i % 2 ? 'Broken after' : 'Lovely for'} ${i + 2} days of use`,
  label: i % 2 ? 'bad' : 'good',
}));
