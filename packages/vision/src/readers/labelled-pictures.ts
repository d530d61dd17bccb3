import type { ReadOptions, ReadSample, SkippedSample } from '@headstart/core';
import {
  byCodeUnit,
  checkFreeLabels,
  joinedLabelsWarning,
  labelsNeverSet,
  type DataWarning,
} from '@headstart/core/readers';
import { readListedImages, type ImageLocation } from '@headstart/core/images';
import type { ImageSample } from '../images/image-sample.ts';
import { labelsAgainstFolders } from './folder-labels.ts';
import { checkLabelWords } from './label-words.ts';
import type { PictureSource, RowPicture } from './row-pictures.ts';
import type { LabelOptions } from './table-options.ts';

/** Whether the pictures have one label each, or a list; all lists of one that no option speaks of are single labels. */
function haveLists(
  pictures: readonly RowPicture[],
  sources: readonly PictureSource[],
  { separator, perPicture }: LabelOptions,
): boolean {
  if (perPicture !== undefined) return perPicture === 'several';
  if (!pictures.some(({ several }) => several)) return false;
  const flags = sources[0]!.columns.label.names !== undefined;
  return flags || separator !== undefined || pictures.some(({ labels }) => labels.length !== 1);
}

/**
 * Reads the pictures' files and numbers their labels.
 * @throws HeadstartError `sample-unreadable` for the first picture that fails; `label-invalid`
 */
export async function labelledPictures(
  pictures: readonly RowPicture[],
  sources: readonly PictureSource[],
  options: ReadOptions & { readonly labels: LabelOptions },
): Promise<{
  labels: string[];
  samples: ReadSample<ImageSample>[];
  skipped: SkippedSample[];
  warnings: DataWarning[];
}> {
  const lists = haveLists(pictures, sources, options.labels);
  if (!lists && options.labels.perPicture === undefined) checkLabelWords(pictures, sources);
  const labels = [...new Set(pictures.flatMap((picture) => picture.labels))].sort(byCodeUnit);
  const numbers = new Map(labels.map((label, index) => [label, index]));
  const {
    samples,
    skipped,
    warnings: seen,
  } = await readListedImages(pictures, options, ({ id, path, contents, weight, group, labels: names }, { digest }) => {
    const own = names.map((name) => numbers.get(name)!).sort((a, b) => a - b);
    const truth = lists ? { labels: own } : { label: own[0]! };
    return {
      id,
      digest,
      ...truth,
      ...(weight !== undefined && { weight }),
      ...(group !== undefined && { group }),
      image: locationOf(path, contents),
    };
  });
  const joined =
    lists || options.labels.perPicture !== undefined ? undefined : joinedLabelsWarning({ labels, samples });
  const against = labelsAgainstFolders(pictures, labels);
  const { path, table, columns } = sources[0]!;
  const { label, labelChosen } = columns;
  const free = options.withoutLabels
    ? []
    : checkFreeLabels({ labels, samples }, { path, table, column: label.indices[0]!, chosen: labelChosen });
  const warnings = [
    ...labelsNeverSet(label, labels),
    ...free,
    ...(joined ? [joined] : []),
    ...(against ? [against] : []),
    ...seen,
  ];
  return { labels, samples, skipped, warnings };
}

function locationOf(path: string, contents: (() => Uint8Array) | undefined): ImageLocation {
  if (!contents) return { kind: 'file', path };
  return {
    kind: 'memory',
    get bytes() {
      return contents();
    },
  };
}
