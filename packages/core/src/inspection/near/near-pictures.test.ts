import { createHash } from 'node:crypto';
import { silentProgress } from '@headstart/artifacts';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../domains/target-domain.ts';
import { datasetOf } from '../../domains/splits.ts';
import { RandomStream } from '../../random/random-stream.ts';
import type { View } from '../looked-at.ts';
import { findNear } from './find-near.ts';
import { pictureLikeness } from './picture-likeness.ts';
import { printOf } from './picture-print.ts';

const WIDTH = 160;
const HEIGHT = 120;

/** A scene of its own: soft light, and discs of colours. */
function scene(seed: number): Sharp {
  const random = new RandomStream(`scene ${seed}`);
  const discs = Array.from({ length: 7 }, () => ({
    ...{ x: random.uniform(0, WIDTH), y: random.uniform(0, HEIGHT), radius: random.uniform(8, 40) },
    colour: [random.int(256), random.int(256), random.int(256)] as const,
  }));
  const [u, v] = [random.uniform(-1, 1), random.uniform(-1, 1)];
  const pixels = Buffer.alloc(3 * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const disc = discs.findLast((each) => Math.hypot(x - each.x, y - each.y) < each.radius);
      for (let c = 0; c < 3; c++)
        pixels[3 * (y * WIDTH + x) + c] = Math.max(
          0,
          Math.min(230, disc?.colour[c] ?? 128 + 60 * (u * (x / WIDTH - 0.5) + v * (y / HEIGHT - 0.5))),
        );
    }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
}

const bytesOf = new Map<string, Buffer>();
const view: View = ({ id }) => ({ picture: { image: { kind: 'memory', bytes: bytesOf.get(id)! } } });

async function put(id: string, picture: Sharp | Buffer): Promise<Sample> {
  bytesOf.set(id, Buffer.isBuffer(picture) ? picture : await picture.png().toBuffer());
  return { id, digest: createHash('sha256').update(bytesOf.get(id)!).digest('hex') };
}

const none = datasetOf<Sample>([]);
const options = { view, progress: silentProgress, thorough: true };
const between = async (train: readonly Sample[], test: readonly Sample[]) =>
  (await findNear({ train: datasetOf(train), validation: none, test: datasetOf(test) }, options)).near!.between;

const COUNT = 40;
let scenes: Sample[];
beforeAll(async () => {
  scenes = await Promise.all(Array.from({ length: COUNT }, (_, seed) => put(`scene ${seed}`, scene(seed))));
});

const again = (id: string) => sharp(bytesOf.get(id));
const CHANGES: Readonly<Record<string, (id: string) => Promise<Buffer>>> = {
  'half as large': (id) =>
    again(id)
      .resize(WIDTH / 2)
      .png()
      .toBuffer(),
  'enlarged, of other proportions': (id) =>
    again(id).resize(300, 200, { fit: 'fill' }).webp({ quality: 70 }).toBuffer(),
  'compressed to little': (id) => again(id).jpeg({ quality: 20 }).toBuffer(),
  darker: (id) => again(id).linear(0.8, 0).png().toBuffer(),
  'brighter, of more contrast': (id) => again(id).linear(1.05, 8).png().toBuffer(),
  'without a pixel in 80 at each edge': (id) =>
    again(id)
      .extract({ left: 2, top: 2, width: WIDTH - 4, height: HEIGHT - 4 })
      .png()
      .toBuffer(),
};

describe('near-duplicates among pictures', () => {
  it.each(Object.keys(CHANGES))(
    'are found of nine in ten scenes at least that are %s, and of no others',
    async (change) => {
      const changed = await Promise.all(
        scenes.map(async ({ id }) => put(`${id}, ${change}`, await CHANGES[change]!(id))),
      );
      const [found, ...more] = await between(scenes, changed);
      expect(more).toEqual([]);
      expect(found).toMatchObject({ sides: ['train', 'test'], copies: 0 });
      expect(found!.samples).toBeGreaterThanOrEqual(0.9 * COUNT);
      for (const { first, second, likeness } of found!.pairs) {
        expect(second.id.startsWith(`${first.id},`), `${first.id} and ${second.id}`).toBe(true);
        expect(likeness).toBeGreaterThanOrEqual(0.98);
        expect(likeness).toBeLessThanOrEqual(1);
      }
    },
  );

  it('are none among different scenes, nor a scene mirrored or with another object in it', async () => {
    expect(await between(scenes, [])).toEqual([]);
    const mirrored = await Promise.all(scenes.map(async ({ id }) => put(`${id}, mirrored`, again(id).flop())));
    expect(await between(scenes, mirrored)).toEqual([]);
    const disc = Buffer.from(`<svg width="44" height="44"><circle cx="22" cy="22" r="22" fill="#f0f"/></svg>`);
    const other = await Promise.all(
      scenes.map(async ({ id }) => put(`${id}, other`, again(id).composite([{ input: disc, left: 58, top: 38 }]))),
    );
    expect(await between(scenes, other)).toEqual([]);
  });

  it('are none among blank pictures of any colour, nor nearly blank ones', async () => {
    const random = new RandomStream('blank');
    const blank = await Promise.all(
      ['#fff', '#000', '#808080', '#36a', '#fefefe', '#010101'].map((background) =>
        put(`blank ${background}`, sharp({ create: { width: 50, height: 40, channels: 3, background } })),
      ),
    );
    const faint = await Promise.all(
      [0, 1, 2, 3].map((i) => {
        const pixels = Buffer.from(Array.from({ length: 40 * 40 * 3 }, () => 200 + random.int(4)));
        return put(`faint ${i}`, sharp(pixels, { raw: { width: 40, height: 40, channels: 3 } }));
      }),
    );
    expect(await between([...blank, ...faint].slice(0, 5), [...blank, ...faint].slice(5))).toEqual([]);
  });

  it('are told apart from what cannot be decoded, which is named', async () => {
    const broken = await put('broken', bytesOf.get('scene 0')!.subarray(0, 300));
    const { near, warnings } = await findNear(
      { train: datasetOf([...scenes.slice(0, 3), broken]), validation: none, test: none },
      options,
    );
    expect(near).toMatchObject({ of: 'pictures', compared: 4, between: [] });
    expect(warnings).toMatchObject([{ code: 'unreadable-images', samples: ['broken'] }]);
  });

  it('are counted between each two splits, within one, and with other data, whose copies count too', async () => {
    const small = await put('small', await CHANGES['half as large']!('scene 0'));
    const dark = await put('dark', await CHANGES['darker']!('scene 0'));
    const copy = await put('copy', bytesOf.get('scene 1')!);
    const theirs = await put('theirs', bytesOf.get('scene 2')!);
    const splits = {
      train: datasetOf([...scenes.slice(0, 3), copy]),
      validation: datasetOf([small]),
      test: datasetOf([dark]),
    };
    const against = { id: 'others', samples: [theirs, dark, scenes[9]!] };
    const { near, warnings } = await findNear(splits, { ...options, against });
    const said = near!.between.map(({ sides, samples, copies, pairs }) => [
      ...sides,
      samples,
      copies,
      pairs[0]!.second.id,
    ]);
    expect(said).toEqual([
      ['train', 'validation', 1, 0, 'small'],
      ['train', 'test', 1, 0, 'dark'],
      ['train', 'against', 2, 1, 'theirs'],
      ['validation', 'test', 1, 0, 'dark'],
      ['validation', 'against', 1, 0, 'dark'],
      ['test', 'against', 1, 1, 'dark'],
    ]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('1 sample of the test split is nearly the same as one of train') as string,
      expect.stringContaining(
        '2 samples of others are nearly the same as one of the train split (1 byte for byte)',
      ) as string,
    ]);
    expect(warnings[0]!.message).toContain('such as small and scene 0');
    const within = await findNear({ train: datasetOf([scenes[0]!, small]), validation: none, test: none }, options);
    expect(within.warnings).toMatchObject([
      { message: '1 sample of the train split is nearly the same as another one of it, such as small and scene 0.' },
    ]);
    const inPassing = await findNear(splits, { ...options, thorough: false });
    expect(inPassing).toEqual({ warnings: [], unchecked: [] });
  });
});

describe('pictureLikeness', () => {
  const print = async (id: string) =>
    printOf(await again(id).resize(32, 32, { fit: 'fill' }).removeAlpha().raw().toBuffer())!;

  it('explains contrast and brightness wholly, and takes no negative for a copy', async () => {
    const { cells } = await print('scene 4');
    expect(pictureLikeness(cells, cells)).toEqual({
      correlation: expect.closeTo(1, 9) as number,
      worst: expect.closeTo(0, 6) as number,
    });
    const halved = cells.map((level) => Math.round(level / 2) + 40);
    const { correlation } = pictureLikeness(cells, halved)!;
    expect(correlation).toBeGreaterThan(0.999); // rounding alone is left: a variance of 1/12 beside hundreds
    expect(
      pictureLikeness(
        cells,
        cells.map((level) => 255 - level),
      ),
    ).toBeUndefined();
    expect(pictureLikeness(new Uint8Array(768).fill(9), cells)).toBeUndefined();
    expect(pictureLikeness(cells, new Uint8Array(768).fill(9))).toBeUndefined();
  });
});
