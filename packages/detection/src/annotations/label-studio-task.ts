import { namesImage } from '@headstart/core/images';
import type { SplitName } from '@headstart/core';
import type { AnnotatedSet } from './annotated-set.ts';
import { annotationError, brief } from './annotation-error.ts';
import { isFields, member, textIn } from './json-fields.ts';
import type { WhichAnnotation } from './label-studio-options.ts';
import { addResults } from './label-studio-results.ts';

/** A picture of a Label Studio project and what annotators drew in it. */
export interface LabelStudioTask {
  readonly source: string;
  readonly place: string;
  /** What the task shows: its picture is among the values. */
  readonly data: unknown;
  /** The name of the upload, where the export has it. */
  readonly upload?: unknown;
  readonly annotations: readonly LabelStudioAnnotation[];
  readonly split?: SplitName;
}

/** What one annotator drew. */
export interface LabelStudioAnnotation {
  readonly results: readonly unknown[];
  readonly cancelled: boolean;
  /** Whether it is marked as the one that counts. */
  readonly truth: boolean;
}

/** Counts what is said of a project. */
export class LabelStudioProject {
  readonly #several: string[] = [];
  #count = 0;

  constructor(
    private readonly set: AnnotatedSet,
    private readonly which: WhichAnnotation,
  ) {}

  /** Adds a task: a picture that nobody has annotated is not labelled, one in which nothing was drawn is a negative. */
  add({ source, place, data, upload, annotations, split }: LabelStudioTask): void {
    const file = pictureIn(data);
    if (file === undefined)
      throw annotationError(source, `${place} has no picture among its data`, 'Export a project of pictures.');
    const uploads = [textIn(upload)].filter((name) => name !== undefined);
    const embedded = file.startsWith('data:');
    const otherwise = [...uploads, ...[...(embedded ? [] : [file]), ...uploads].flatMap(original)];
    const picture = this.set.addPicture({
      source,
      place,
      file: embedded ? `picture of ${place}` : file,
      otherwise,
      embedded,
      split,
    });
    const drawn = annotations.filter(({ cancelled }) => !cancelled);
    const chosen = drawn.find(({ truth }) => truth) ?? (this.which === 'first' ? drawn[0] : drawn.at(-1));
    if (drawn.length > 1 && !drawn.some(({ truth }) => truth)) {
      this.#count++;
      if (this.#several.length < 10) this.#several.push(brief(file));
    }
    if (chosen) addResults(this.set, picture, chosen.results);
    else
      this.set.unlabelled.set(
        picture,
        `${source}: ${place} ${annotations.length > 0 ? 'was skipped by its annotator' : 'is not annotated'}`,
      );
  }

  end(): void {
    if (this.#count === 0) return;
    const other = this.which === 'first' ? 'last' : 'first';
    this.set.warnings.push({
      code: 'several-annotations',
      message: `${this.#count} ${this.#count === 1 ? 'picture has' : 'pictures have'} several annotations; the ${this.which} of each is read.`,
      hint: `Mark the one that counts as ground truth in Label Studio, or give the reader option annotation=${other}.`,
      samples: this.#several,
    });
  }
}

/** The value that is a picture's: that of `image`, else the first that names one. */
function pictureIn(data: unknown): string | undefined {
  if (!isFields(data)) return undefined;
  const image = textIn(member(data, 'image'));
  if (image !== undefined) return image;
  return Object.values(data).find(
    (value): value is string => typeof value === 'string' && namesImage(value.replace(/[?#].*$/, '')),
  );
}

/** The name that a file had before it was uploaded: Label Studio puts eight digits before it. */
function original(name: string): string[] {
  const written = /[0-9a-f]{8}-([^/\\]+)$/.exec(name);
  return written ? [written[1]!] : [];
}
