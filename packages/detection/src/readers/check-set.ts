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

/** @throws HeadstartError `target-unreadable` for a picture that is listed twice */
export function checkOncePerSplit(listed: readonly ListedPicture[]): void {
  const seen = new Set<string>();
  for (const { path, id } of listed) {
    if (seen.has(path)) {
      throw new HeadstartError({
        code: 'target-unreadable',
        message: `${id} is listed twice.`,
        hint: 'List every picture once, with all of its boxes, in one split.',
      });
    }
    seen.add(path);
  }
}
