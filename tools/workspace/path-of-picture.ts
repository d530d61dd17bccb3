import type { ImageLocation } from '@headstart/core/images';

/** The path of a picture that is a file of its own, as those of data sets of files are. */
export function pathOfPicture(image: ImageLocation): string {
  if (image.kind === 'file') return image.path;
  throw new Error(`The picture is of the kind "${image.kind}" and no file of its own.`);
}
