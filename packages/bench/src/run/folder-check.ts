import { HeadstartError } from '@headstart/artifacts/errors';
import { COORDINATES, coordinateKey } from '../matrix/cell.ts';
import type { BenchFile } from '../results/bench-file.ts';

/**
 * Whether a folder's benchmark may be followed by this one: it is the same, or one with cells in common (an axis was made
 * longer or shorter).
 * @throws HeadstartError `resume-mismatch`
 */
export function checkFolder(dir: string, there: BenchFile | undefined, now: BenchFile, resume: boolean): void {
  if (!there) {
    if (!resume) return;
    throw new HeadstartError({
      code: 'resume-mismatch',
      message: `There is no benchmark in ${dir} to go on with.`,
      hint: 'Check the folder that --out names, or leave out --resume.',
    });
  }
  const known = new Set(placesOf(there));
  if (placesOf(now).some((place) => known.has(place))) return;
  throw new HeadstartError({
    code: 'resume-mismatch',
    message: `${dir} holds another benchmark, "${there.name}": none of its cells are among these.`,
    hint: 'Give this one another folder with --out.',
  });
}

function placesOf({ cells, refused }: BenchFile): string[] {
  const all = [...cells.map(({ coordinates }) => coordinates), ...refused.flatMap((each) => each.cells)];
  return all.map((coordinates) => coordinateKey(coordinates, COORDINATES));
}
