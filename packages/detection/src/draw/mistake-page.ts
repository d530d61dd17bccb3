import type { Detection } from '../data/detection.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { drawThumbnail, type DrawnBox } from '@headstart/core/images';
import { html, htmlPage, sheet, type PageSection, type SheetPicture } from '@headstart/core/pages';
import { findMistakes, MISTAKE_KINDS, type Mistake, type MistakeKind, type MistakeOptions } from './mistakes.ts';

/** A picture with its truth, and what was found in it. */
export interface JudgedPicture {
  readonly sample: DetectionSample;
  readonly detections: readonly Detection[];
}

export interface MistakePageOptions extends MistakeOptions {
  readonly title: string;
  /** Pictures of each kind. */
  readonly most?: number;
}

const TITLES: Readonly<Record<MistakeKind, string>> = {
  localisation: 'Localisation',
  classification: 'Classification',
  duplicate: 'Duplicate',
  background: 'Background',
  missed: 'Missed',
};

const EXPLANATIONS: Readonly<Record<MistakeKind, string>> = {
  localisation: 'The right class, the box off: IoU 0.1 to 0.5.',
  classification: 'The box right, the class wrong.',
  duplicate: 'An object found a second time.',
  background: 'Nothing there, or nothing like it.',
  missed: 'An object that nothing was found for.',
};

const TRUTH = '#0a7d2c';
const WRONG = '#c4161c';
/** The longest side of a picture in pixels: twice what is shown at least, for fine screens. */
const THUMBNAIL = 440;
/** The least width of a picture's place, in rem. */
const WIDTH = 14;

/**
 * A page of the worst mistakes by their kind, complete in itself: the surest of the wrong detections, and
 * the largest of the objects that were missed. Truth is drawn dashed and green, what was found red.
 *
 * @returns HTML
 * @throws HeadstartError `sample-unreadable`
 */
export async function mistakePage(
  pictures: readonly JudgedPicture[],
  labels: readonly string[],
  { title, most = 12, threshold }: MistakePageOptions,
): Promise<string> {
  const all = pictures.flatMap(({ sample, detections }) =>
    findMistakes(sample.objects, detections, { threshold }).map((mistake) => ({ sample, mistake })),
  );
  const sections: PageSection[] = [];
  for (const kind of MISTAKE_KINDS) {
    const own = all
      .filter(({ mistake }) => mistake.kind === kind)
      .sort((a, b) => weightOf(b.mistake) - weightOf(a.mistake));
    const shown: SheetPicture[] = [];
    for (const { sample, mistake } of own.slice(0, most)) shown.push(await pictureOf(sample, mistake, labels));
    sections.push({
      title: TITLES[kind],
      note: String(own.length),
      body: html`<p>${EXPLANATIONS[kind]}</p>${sheet(shown, WIDTH)}`,
    });
  }
  const counts = `${pictures.length} ${pictures.length === 1 ? 'picture' : 'pictures'}, ${all.length} ${all.length === 1 ? 'mistake' : 'mistakes'}`;
  return htmlPage({ title, lead: `${counts}. Dashed green: the truth. Red: what was found.`, sections });
}

function weightOf({ detection, object }: Mistake): number {
  return detection ? detection.score : object!.area;
}

async function pictureOf(
  sample: DetectionSample,
  { detection, object, overlap }: Mistake,
  labels: readonly string[],
): Promise<SheetPicture> {
  const boxes: DrawnBox[] = [];
  if (object)
    boxes.push({
      box: object.box,
      colour: TRUTH,
      dashed: true,
      under: detection !== undefined,
      text: labels[object.label]!,
    });
  if (detection)
    boxes.push({
      box: detection.box,
      colour: WRONG,
      text: `${labels[detection.label]!} ${detection.score.toFixed(2)}`,
    });
  const jpeg = await drawThumbnail(sample, boxes, THUMBNAIL);
  const words = [
    detection ? `${labels[detection.label]!} ${detection.score.toFixed(2)}` : 'nothing',
    object ? `for ${labels[object.label]!}` : 'for nothing',
    ...(overlap > 0 ? [`IoU ${overlap.toFixed(2)}`] : []),
  ];
  const picture = html`<img alt="" src="data:image/jpeg;base64,${jpeg.toString('base64')}">`;
  return { picture, caption: `${words.join(' ')} · ${sample.id}` };
}
