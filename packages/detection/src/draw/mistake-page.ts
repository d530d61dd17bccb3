import type { Detection } from '../data/detection.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { drawThumbnail, type DrawnBox } from '@headstart/core/images';
import { escapeXml, htmlPage } from '@headstart/core/metrics';
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

const EXPLANATIONS: Readonly<Record<MistakeKind, string>> = {
  localisation: 'the right class, the box off: IoU 0.1 to 0.5',
  classification: 'the box right, the class wrong',
  duplicate: 'an object found a second time',
  background: 'nothing there, or nothing like it',
  missed: 'an object that nothing was found for',
};

const TRUTH = '#0a7d2c';
const WRONG = '#c4161c';
const THUMBNAIL = 360;

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
  const sections: string[] = [];
  for (const kind of MISTAKE_KINDS) {
    const own = all
      .filter(({ mistake }) => mistake.kind === kind)
      .sort((a, b) => weightOf(b.mistake) - weightOf(a.mistake));
    const figures: string[] = [];
    for (const { sample, mistake } of own.slice(0, most)) figures.push(await figureOf(sample, mistake, labels));
    sections.push(
      `<section><h2>${kind} <small>${own.length}</small></h2><p>${EXPLANATIONS[kind]}</p><div>${figures.join('\n')}</div></section>`,
    );
  }
  const style = `section > div { display: flex; flex-wrap: wrap; gap: 1rem } figure { margin: 0; width: ${THUMBNAIL / 2}px } img { width: 100% }
h2 { text-transform: capitalize } figcaption { font-size: .8rem; overflow-wrap: anywhere }`;
  const counts = `${pictures.length} ${pictures.length === 1 ? 'picture' : 'pictures'}, ${all.length} ${all.length === 1 ? 'mistake' : 'mistakes'}`;
  return htmlPage({
    title,
    style,
    body: `<p>${counts}. Dashed green: the truth. Red: what was found.</p>\n${sections.join('\n')}`,
  });
}

function weightOf({ detection, object }: Mistake): number {
  return detection ? detection.score : object!.area;
}

async function figureOf(
  sample: DetectionSample,
  { detection, object, overlap }: Mistake,
  labels: readonly string[],
): Promise<string> {
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
  const caption = `${words.join(' ')} · ${sample.id}`;
  return `<figure><img alt="${escapeXml(caption)}" src="data:image/jpeg;base64,${jpeg.toString('base64')}"><figcaption>${escapeXml(caption)}</figcaption></figure>`;
}
