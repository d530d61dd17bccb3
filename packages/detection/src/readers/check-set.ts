import { HeadstartError } from '@headstart/core';
import type { ListedPicture } from './read-pictures.ts';

/** @throws HeadstartError `target-empty` for a set in which nothing is to be found */
export function checkAnyBox(root: string, labels: readonly string[]): void {
  if (labels.length > 0) return;
  throw new HeadstartError({
    code: 'target-empty',
    message: `${root} has pictures but no boxes.`,
    hint: 'Annotate objects in some of the pictures; those without any serve as negatives only.',
  });
}

/**
 * @param sameInSplits whether two splits may list the same pictures
 * @throws HeadstartError `target-unreadable` for a picture that is listed twice
 */
export function checkOncePerSplit(listed: readonly ListedPicture[], { sameInSplits = false } = {}): void {
  const seen = new Map<string, string | undefined>();
  for (const { path, id, split, source } of listed) {
    const key = sameInSplits ? `${split} ${path}` : path;
    if (seen.has(key)) throw listedTwice(id, seen.get(key), source);
    seen.set(key, source);
  }
}

function listedTwice(id: string, first: string | undefined, second: string | undefined): HeadstartError {
  const several = first !== undefined && second !== undefined && first !== second;
  const where = several ? `, in ${first} and in ${second}` : second === undefined ? '' : `, in ${second}`;
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${id} is listed twice${where}.`,
    hint: `List every picture once, with all of its boxes, in one split${several ? '; or give the path of the file that is to be read' : ''}.`,
  });
}
