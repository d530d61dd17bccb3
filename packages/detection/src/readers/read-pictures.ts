import { HeadstartError, type ReadOptions, type ReadSample, type SkippedSample } from '@headstart/core';
import {
  imageError,
  mapBounded,
  readImageInput,
  readListedImages,
  type ImageFacts,
  type ImageSizes,
  type ListedImage,
} from '@headstart/core/images';
import { skipHint, type DataWarning } from '@headstart/core/readers';
import type { Size } from '../boxes/box.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { BoxEvidence } from './box-evidence.ts';
import { boxFormOf, PIXEL_SIZES, type BoxForm } from './box-form.ts';
import { checkObjects, type WrittenObject } from './check-objects.ts';

/** A picture that a reader found listed, with what is said to be in it. */
export interface ListedPicture extends ListedImage {
  /** The size that the annotations give; the file's own where absent. */
  readonly size?: Size;
  /** The annotation file that lists it, where that may be one of several. */
  readonly source?: string;
  /** What it is a part of, where the annotations say. */
  readonly group?: string;
  /** Why there is no file for it: a sentence that says which file was looked for, and where. */
  readonly missing?: string;
  /** What is said to be in it; asked for again whenever the sample's objects are. */
  objects(size: Size): readonly WrittenObject[];
}

/** Pictures with their objects, checked. */
export interface ReadPictures {
  readonly samples: readonly ReadSample<DetectionSample>[];
  readonly skipped: readonly SkippedSample[];
  /** That the boxes look as if they were written in another form, or that pictures' numbers do not come through. */
  readonly warnings: readonly DataWarning[];
}

/** So many pictures' sizes are looked at to tell why boxes do not fit. */
const LOOK = 100;

/**
 * Reads every picture's file once, see `readListedImages`: with a check that it is of the size that the
 * annotations mean, and a check of every box. With `skipBad` pictures with a bad box, and those without a file, are
 * left out, too. Of sealed data no annotation is looked at. The reader option `boxes` says of what form the boxes are, where it is not the `stated` one.
 *
 * @param root the data set, for messages
 * @throws HeadstartError `sample-unreadable` for the first picture that fails, or for boxes most of which are impossible
 */
export async function readPictures(
  root: string,
  listed: readonly ListedPicture[],
  options: ReadOptions,
  stated: BoxForm = PIXEL_SIZES,
): Promise<ReadPictures> {
  const form = boxFormOf(stated, options.options);
  const evidence = new BoxEvidence(form);
  const gone = missingPictures(listed, options);
  const found = gone.length === 0 ? listed : listed.filter(({ missing }) => missing === undefined);
  const there = options.sealed ? found.map(unannotated) : found;
  const { samples, skipped, warnings } = await readListedImages(there, options, (picture, facts) =>
    checkedSample(picture, facts, form, evidence),
  ).catch(async (cause: unknown) => {
    if (!evidence.anyImpossible) throw cause;
    throw (await widened(there, form)).refusal(root) ?? cause;
  });
  const refusal = evidence.refusal(root);
  if (refusal) throw refusal;
  const warning = evidence.warning();
  return { samples, skipped: [...gone, ...skipped], warnings: [...(warning ? [warning] : []), ...warnings] };
}

/** A picture of which nothing that annotations say is looked at. */
function unannotated({ size: _size, ...picture }: ListedPicture): ListedPicture {
  return { ...picture, objects: () => [] };
}

/** Pictures without a file, left out. @throws HeadstartError `sample-unreadable` where they are not to be, or all are */
function missingPictures(listed: readonly ListedPicture[], { skipBad }: ReadOptions): SkippedSample[] {
  const gone = listed.flatMap(({ id, missing }) => (missing === undefined ? [] : [{ id, reason: missing }]));
  if (gone.length === 0 || (skipBad && gone.length < listed.length)) return gone;
  throw missingPicture(gone[0]!.reason, { gone: gone.length, listed: listed.length });
}

/** The error for a picture without a file. */
export function missingPicture(reason: string, count = { gone: 1, listed: 1 }): HeadstartError {
  const many = count.gone === 1 ? '' : ` ${count.gone} of ${count.listed} pictures are missing.`;
  const skip = count.gone < count.listed ? `; ${skipHint('them')}` : '.';
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `${reason}.${many}`,
    hint: `Put the pictures where the annotations say, or remove their annotations${skip}`,
  });
}

function checkedSample(
  picture: ListedPicture,
  { digest, sizes }: ImageFacts,
  form: BoxForm,
  evidence: BoxEvidence,
): DetectionSample {
  const meant = sizeMeant(picture, sizes);
  const objects = picture.objects(meant.size);
  for (const object of objects) if (!object.form) evidence.add(object.box, meant.size, picture.id);
  checkObjects(objects, meant.size, form);
  return sampleOf(picture, digest, meant, form);
}

/** What the boxes of pictures from all over the set say. */
async function widened(listed: readonly ListedPicture[], form: BoxForm): Promise<BoxEvidence> {
  const evidence = new BoxEvidence(form);
  const every = Math.ceil(listed.length / LOOK);
  const looked = listed.filter((_, i) => i % every === 0);
  await mapBounded(looked, 8, async (picture) => {
    const size = await readImageInput(picture.path).then(
      ({ sizes }) => sizeMeant(picture, sizes).size,
      () => undefined, // what is wrong with it is not about boxes
    );
    if (!size) return;
    for (const object of picture.objects(size)) if (!object.form) evidence.add(object.box, size, picture.id);
  });
  return evidence;
}

interface Meant {
  readonly size: Size;
  readonly asStored: boolean;
}

/**
 * The picture's size as its boxes mean it: upright where the annotations agree or do not say, as it is
 * stored where only that agrees (tools that overlook EXIF orientation).
 */
function sizeMeant({ id, size }: ListedPicture, { upright, stored }: ImageSizes): Meant {
  const agrees = (other: Size) => !size || (size.width === other.width && size.height === other.height);
  if (agrees(upright)) return { size: upright, asStored: false };
  if (agrees(stored)) return { size: stored, asStored: true };
  throw imageError(
    id,
    `it has ${upright.width} x ${upright.height} pixels, but its annotations say ${size!.width} x ${size!.height}`,
    `Boxes fit the picture that they were drawn on: put it back, or scale the annotations; ${skipHint('it')}`,
  );
}

/** Its objects stay in the annotations' columns until they are asked for. */
function sampleOf(picture: ListedPicture, digest: string, { size, asStored }: Meant, form: BoxForm): DetectionSample {
  return {
    id: picture.id,
    digest,
    ...(picture.group !== undefined && { group: picture.group }),
    image: { kind: 'file', path: picture.path },
    ...size,
    asStored,
    get objects() {
      return checkObjects(picture.objects(size), size, form);
    },
  };
}
