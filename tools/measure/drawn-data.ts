import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Where small data sets lie that need nothing but this file: the same bytes each time. */
export interface DrawnData {
  /** A folder of three classes of twelve pictures, or as many as were asked for. */
  readonly pictures: string;
  /** A table of twenty-four sentences in two classes. */
  readonly texts: string;
  /** Vectors of the sentences' words, as GloVe writes them. */
  readonly vectors: string;
  /** A COCO file of eight scenes with two objects each, of two categories. */
  readonly scenes: string;
}

/** @param perClass how many pictures each of the three classes has */
export async function drawData(folder: string, perClass = 12): Promise<DrawnData> {
  const data = {
    pictures: join(folder, 'pictures'),
    texts: join(folder, 'texts.csv'),
    vectors: join(folder, 'vectors.txt'),
    scenes: join(folder, 'scenes.json'),
  };
  await drawPictures(data.pictures, perClass);
  await writeTexts(data);
  await drawScenes(folder, data.scenes);
  return data;
}

const PICTURE = 72;

/** A shape in a square of a side with this corner. */
const SHAPES = {
  disc: (x: number, y: number, side: number) => `<circle cx="${x + side / 2}" cy="${y + side / 2}" r="${side / 2}"/>`,
  box: (x: number, y: number, side: number) => `<rect x="${x}" y="${y}" width="${side}" height="${side}"/>`,
  wedge: (x: number, y: number, side: number) =>
    `<path d="M${x} ${y + side}L${x + side / 2} ${y}L${x + side} ${y + side}Z"/>`,
} as const;

/** A colour, another one for each number. */
const colour = (i: number, lightness: number) => `hsl(${(i * 77) % 360},70%,${lightness}%)`;

async function draw(
  path: string,
  width: number,
  height: number,
  background: string,
  shapes: readonly string[],
): Promise<void> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${background}"/>${shapes.join('')}</svg>`;
  await sharp(Buffer.from(svg)).removeAlpha().png().toFile(path);
}

async function drawPictures(folder: string, perClass: number): Promise<void> {
  for (const [name, shape] of Object.entries(SHAPES)) {
    await mkdir(join(folder, name), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      const drawn = `<g fill="${colour(i + name.length, 45)}">${shape(4 + ((i * 5) % 21), 6 + ((i * 11) % 23), 28 + ((i * 3) % 13))}</g>`;
      await draw(join(folder, name, `${i}.png`), PICTURE, PICTURE, colour(3 * i + 1, 80), [drawn]);
    }
  }
}

const OPINIONS = { good: ['great', 'lovely', 'solid', 'clever'], bad: ['awful', 'broken', 'dull', 'noisy'] } as const;
const THINGS = ['phone', 'kettle', 'film'] as const;

async function writeTexts({ texts, vectors }: Pick<DrawnData, 'texts' | 'vectors'>): Promise<void> {
  const rows = Object.entries(OPINIONS).flatMap(([label, words]) =>
    words.flatMap((word, i) =>
      THINGS.map(
        (thing, j) =>
          `the ${thing} is ${word}${(i + j) % 2 ? ` and i would say so again to anyone who asks` : ''},${label}`,
      ),
    ),
  );
  await writeFile(texts, `text,label\n${rows.join('\n')}\n`);
  const words = [...new Set(rows.flatMap((row) => row.slice(0, row.indexOf(',')).split(' ')))];
  const numbers = (i: number) =>
    Array.from({ length: 16 }, (_, j) => (((i * 37 + j * 101) % 199) / 100 - 1).toFixed(2));
  await writeFile(vectors, words.map((word, i) => `${word} ${numbers(i).join(' ')}\n`).join(''));
}

async function drawScenes(folder: string, file: string): Promise<void> {
  const [width, height] = [160, 120];
  const kinds = ['disc', 'box'] as const;
  const images = Array.from({ length: 8 }, (_, i) => ({ id: i + 1, file_name: `scene-${i}.png`, width, height }));
  const annotations = images.flatMap(({ id }, i) =>
    kinds.map((_, k) => {
      const side = 34 + ((i * 7 + k * 13) % 23);
      return {
        id: 2 * i + k + 1,
        image_id: id,
        category_id: k + 1,
        bbox: [8 + 76 * k + ((i * 3) % 11), 6 + ((i * 17 + k * 29) % 47), side, side] as const,
        area: side ** 2,
        iscrowd: 0,
      };
    }),
  );
  for (const [i, { id, file_name }] of images.entries()) {
    const shapes = annotations
      .filter(({ image_id }) => image_id === id)
      .map(
        ({ category_id, bbox: [x, y, side] }) =>
          `<g fill="${colour(i + category_id, 40)}">${SHAPES[kinds[category_id - 1]!](x, y, side)}</g>`,
      );
    await draw(join(folder, file_name), width, height, colour(5 * i + 2, 78), shapes);
  }
  await writeFile(
    file,
    JSON.stringify({ images, annotations, categories: kinds.map((name, k) => ({ id: k + 1, name })) }),
  );
}
