import { HeadstartError } from '@headstart/artifacts/errors';
import type { Headstart } from '@headstart/core';
import type { ViewedSample } from '@headstart/core/readers';
import { colourOf, drawThumbnail, uprightSizeOf } from '@headstart/core/images';
import { distinct } from './names.ts';
import type { ReportCell, ReportData, ReportSample } from './report-data.ts';

/** Characters of a text that are shown. */
const MOST_TEXT = 400;
/** Longest side of a picture in pixels: twice what is shown, for fine screens. */
const SIDE = 128;
/** Bytes that all pictures of a page may take. */
const MOST_BYTES = 4 * 2 ** 20;

/** What a report shows of the items that it names. */
export type FoundSamples = Pick<ReportData, 'samples' | 'withheld'>;

/** Who knows the data sets that cells were tested on. */
export type SampleSource = Pick<Headstart, 'datasets' | 'views'>;

/**
 * Reads the items that cells name again, where their test domain is a registered data set that may be passed on: texts cut,
 * pictures as thumbnails, until the page's share of bytes is used up.
 */
export async function findSamples(cells: readonly ReportCell[], source: SampleSource): Promise<FoundSamples> {
  const withheld: { domain: string; why: string }[] = [];
  const samples = new Map<string, ReportSample>();
  const room = { bytes: MOST_BYTES };
  for (const domain of distinct(cells.map(({ test }) => test))) {
    const named = cells.filter(({ test, worst }) => test === domain && worst.length > 0);
    if (named.length === 0) continue;
    const refusal = whyNot(domain, source);
    if (refusal !== undefined) {
      withheld.push({ domain, why: refusal });
      continue;
    }
    const digests = distinct(named.flatMap(({ worst }) => worst.map(({ digest }) => digest)));
    try {
      const views = await source.views({ target: domain, task: named[0]!.task, digests });
      for (const digest of digests) {
        const view = views.get(digest);
        if (view && !samples.has(digest)) samples.set(digest, await shownSample(digest, view, room));
      }
    } catch (error) {
      if (!HeadstartError.is(error)) throw error;
      withheld.push({ domain, why: `Its items are named and not shown: ${error.message}` });
    }
  }
  return { samples: [...samples.values()], withheld };
}

function whyNot(domain: string, source: SampleSource): string | undefined {
  const dataset = source.datasets().find(({ value }) => value.id === domain)?.value;
  if (!dataset) return 'Its items are named and not shown: it is no registered data set, whose licence would be known.';
  return /not for redistribution/i.test(dataset.licence)
    ? `Its items are named and not shown: ${dataset.licence}.`
    : undefined;
}

async function shownSample(digest: string, view: ViewedSample, room: { bytes: number }): Promise<ReportSample> {
  const { texts, picture } = view;
  const cut = texts?.map((text) => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)} …` : text));
  const shown = { digest, ...(cut ? { texts: cut } : {}) };
  if (!picture) return shown;
  const jpeg = await thumbnail(view, picture);
  if (!jpeg || jpeg.length > room.bytes) return shown;
  room.bytes -= jpeg.length;
  return { ...shown, picture: `data:image/jpeg;base64,${jpeg.toString('base64')}` };
}

/** A picture no larger than shown, its true boxes drawn in; undefined for one that cannot be read any more. */
async function thumbnail(
  { id }: ViewedSample,
  { image, size, asStored, boxes = [] }: NonNullable<ViewedSample['picture']>,
): Promise<Buffer | undefined> {
  const located = { id, image };
  const side = boxes.length > 0 ? 2 * SIDE : SIDE;
  const drawn = boxes.map((box) => ({ box, colour: colourOf('') }));
  try {
    return await drawThumbnail({ ...located, ...(size ?? (await uprightSizeOf(located))), asStored }, drawn, side);
  } catch (error) {
    if (HeadstartError.is(error)) return undefined;
    throw error;
  }
}
