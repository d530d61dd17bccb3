import type { LabelProbability, ObjectsPrediction } from './contract.ts';

interface Places {
  readonly list: HTMLElement;
  readonly preview: HTMLElement;
  /** The picture that was asked about. */
  readonly picture?: Blob;
}

/** Shows a prediction by what it has: objects as boxes, classes by probability, anything else as it is. */
export function showPrediction(prediction: unknown, places: Places): void {
  const { objects, top, labels } = prediction as Partial<ObjectsPrediction> & {
    readonly top?: readonly LabelProbability[];
    readonly labels?: readonly LabelProbability[];
  };
  if (places.picture) showPicture(places.picture, places.preview, objects && (prediction as ObjectsPrediction));
  if (objects) showObjects(objects, places.list);
  else if (top) showClasses(top, new Set((labels ?? top.slice(0, 1)).map(({ label }) => label)), places.list);
  else places.list.append(make('pre', JSON.stringify(prediction, undefined, 2)));
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text = '',
  className = '',
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function showClasses(top: readonly LabelProbability[], given: ReadonlySet<string>, list: HTMLElement): void {
  if (given.size === 0) list.append(make('p', 'None of the labels.'));
  const rows = make('ol', '', 'classes');
  for (const { label, probability } of top) {
    const row = make('li', '', given.has(label) ? 'given' : '');
    const bar = make('span', '', 'bar');
    bar.setAttribute('aria-hidden', 'true');
    bar.style.setProperty('--share', String(probability));
    row.append(make('span', label, 'label'), make('span', percent(probability), 'number'), bar);
    rows.append(row);
  }
  list.append(rows);
}

function showObjects(objects: ObjectsPrediction['objects'], list: HTMLElement): void {
  if (objects.length === 0) {
    list.append(make('p', 'No object found.'));
    return;
  }
  const rows = make('ol', '', 'classes');
  for (const { label, score, box } of objects) {
    const [x, y, width, height] = box.map(Math.round) as [number, number, number, number];
    const row = make('li', '', 'given');
    const swatch = make('span', '', 'swatch');
    swatch.style.background = colourOf(label);
    const name = make('span', '', 'label');
    name.append(swatch, label);
    row.append(
      name,
      make('span', percent(score), 'number'),
      make('span', `${width} × ${height} at ${x}, ${y}`, 'where'),
    );
    rows.append(row);
  }
  list.append(rows);
}

/** One hue per label, the same every time. */
function colourOf(label: string): string {
  let hash = 0;
  for (const character of label) hash = (hash * 31 + character.codePointAt(0)!) % 360;
  return `hsl(${hash} 75% 45%)`;
}

const SVG = 'http://www.w3.org/2000/svg';

function showPicture(picture: Blob, place: HTMLElement, found: ObjectsPrediction | undefined): void {
  const image = make('img');
  const url = URL.createObjectURL(picture);
  image.src = url;
  image.alt = picture instanceof File ? `The picture ${picture.name}` : 'The picture';
  image.addEventListener('load', () => URL.revokeObjectURL(url));
  image.addEventListener('error', () => URL.revokeObjectURL(url));
  place.append(image);
  if (found && found.objects.length > 0) place.append(boxesOver(found));
}

function boxesOver({ objects, width, height }: ObjectsPrediction): SVGElement {
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
  drawing.setAttribute('aria-hidden', 'true');
  const size = Math.max(width, height) / 36;
  for (const { label, score, box } of [...objects].reverse()) {
    const colour = colourOf(label);
    const caption = `${label} ${percent(score)}`;
    const [x, y] = box;
    const top = Math.max(size * 1.3, y);
    drawing.append(
      shape('rect', { x, y, width: box[2], height: box[3], fill: 'none', stroke: colour, 'stroke-width': size / 5 }),
      shape('rect', {
        x,
        y: top - size * 1.3,
        width: size * (caption.length * 0.56 + 0.6),
        height: size * 1.3,
        fill: colour,
      }),
      shape('text', { x: x + size * 0.3, y: top - size * 0.35, fill: 'white', 'font-size': size }, caption),
    );
  }
  return drawing;
}

function shape(name: string, attributes: Readonly<Record<string, string | number>>, text = ''): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}
