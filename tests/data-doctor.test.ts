import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createArtifacts, createHeadstart, silentProgress, type Headstart } from '@headstart/core';
import { refusalOf } from '@headstart/core/testing';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

// Thousands of pictures are decoded, and small models trained.
vi.setConfig({ testTimeout: 300_000 });

let root: string;
let headstart: Headstart;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-doctor-'));
  headstart = await createHeadstart({
    backend: await openBackend({ prefer: 'libtensorflow' }),
    plugins: [vision(), nlp(), detection()],
    cacheRoot: join(root, 'cache'),
    artifacts: createArtifacts(),
  });
});
afterAll(async () => {
  await headstart.close();
  await rm(root, { recursive: true });
});

async function put(path: string, content: Buffer | string): Promise<string> {
  const whole = join(root, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, content);
  return whole;
}

/** Romania's and Chad's, which differ in a shade of blue. */
const isFlag = (first: string, second: string) => [first, second].sort().join(' ') === '1F1F7-1F1F4 1F1F9-1F1E9';

describe('near-duplicates in real data', () => {
  it('are none between two vendors drawings of the same emoji, but in each the flags of Romania and Chad', async () => {
    const { near } = await headstart.inspect({ target: 'emoji-google' }, { against: 'emoji-twitter' });
    expect(near).toMatchObject({ of: 'pictures', against: 'emoji-twitter' });
    // All but those that are the same to the byte.
    expect(near!.compared).toBeGreaterThan(3600);
    expect(near!.compared).toBeLessThanOrEqual(2 * 1852);
    const across = near!.between.filter(({ sides }) => (sides[0] === 'against') !== (sides[1] === 'against'));
    expect(across.reduce((sum, { samples }) => sum + samples, 0)).toBe(0);
    const flags = near!.between.flatMap(({ pairs }) => pairs.filter(({ first, second }) => isFlag(first, second)));
    expect(flags).toHaveLength(2);
  });

  it('are copies of photographs with emoji that were shrunk and compressed, all of them, and nine in ten cropped by a hundredth', async () => {
    const { samples } = await headstart
      .datasets()
      .find(({ value }) => value.id === 'emoji-scenes-google')!
      .value.load({ artifacts: createArtifacts() }, { skipBad: false, progress: silentProgress, options: {} });
    const scenes = samples.filter((_, i) => i % 7 === 0).slice(0, 40);
    for (const [i, { sample }] of scenes.entries()) {
      const { path } = (sample as unknown as { image: { path: string } }).image;
      const bytes = await readFile(path);
      const { width, height } = await sharp(bytes).metadata();
      const [left, top] = [Math.round(0.01 * width), Math.round(0.01 * height)];
      await put(`scenes/${i % 2 ? 'a' : 'b'}/${i}.png`, bytes);
      await put(`small/${i % 2 ? 'a' : 'b'}/${i}.jpg`, await sharp(bytes).resize(200).jpeg({ quality: 40 }).toBuffer());
      const cropped = sharp(bytes).extract({ left, top, width: width - 2 * left, height: height - 2 * top });
      await put(`cropped/${i % 2 ? 'a' : 'b'}/${i}.png`, await cropped.png().toBuffer());
    }
    const found = async (against: string) => {
      const { near } = await headstart.inspect(
        { target: join(root, 'scenes'), split: [100, 0, 0] },
        { against: join(root, against) },
      );
      const [each] = near!.between.filter(({ sides }) => sides[1] === 'against');
      for (const { first, second } of each!.pairs) expect(second.split('.')[0]).toBe(first.split('.')[0]);
      return each!.samples;
    };
    expect(await found('small')).toBe(40);
    expect(await found('cropped')).toBeGreaterThanOrEqual(36);
  });
});

describe('near-duplicates by embeddings', () => {
  it('are pictures that were mirrored, which contents do not tell', async () => {
    const { samples } = await headstart
      .datasets()
      .find(({ value }) => value.id === 'emoji-google')!
      .value.load({ artifacts: createArtifacts() }, { skipBad: false, progress: silentProgress, options: {} });
    const few = samples.filter((_, i) => i % 31 === 0);
    for (const [i, { sample }] of few.entries()) {
      const { path } = (sample as unknown as { image: { path: string } }).image;
      await put(`plain/${i % 2 ? 'a' : 'b'}/${i}.png`, await readFile(path));
      // Laid on white, as pictures are read: a mirrored emoji is another file of other pixels.
      const mirrored = sharp(await sharp(path).flatten({ background: '#fff' }).png().toBuffer()).flop();
      await put(`mirrored/${i}.png`, await mirrored.png().toBuffer());
    }
    const asked = { target: join(root, 'plain'), split: [100, 0, 0] as const };
    const { near, warnings } = await headstart.inspect(asked, { against: join(root, 'mirrored'), embeddings: true });
    const across = (found: NonNullable<typeof near>['between']) =>
      found.find(({ sides }) => sides.join() === 'train,against')?.samples ?? 0;
    expect(near!.embeddings).toMatchObject({ source: 'efficientnet-lite0', least: 0.95 });
    expect(across(near!.between) + across(near!.embeddings!.between)).toBeGreaterThanOrEqual(0.9 * few.length);
    expect(across(near!.between)).toBeLessThan(0.5 * few.length);
    expect(warnings.map(({ code }) => code)).toContain('near-embeddings');
  });

  it('are texts in other words, where the texts of two review sites are none', async () => {
    const target = await put(
      'reworded.csv',
      'text,label\n"I hated the food; the waiter was rude.",bad\n"The waiter was rude and I hated the food.",bad\nShipping took three weeks.,bad\nLoved every minute of this film!,good\n',
    );
    const { near } = await headstart.inspect({ target, split: [100, 0, 0] }, { embeddings: true });
    expect(near!.between).toEqual([]);
    const [within, ...others] = near!.embeddings!.between;
    expect(others).toEqual([]);
    expect(within).toMatchObject({ sides: ['train', 'train'], samples: 1 });
    const sites = await headstart.inspect(
      { target: 'sentiment-amazon' },
      { against: 'sentiment-yelp', embeddings: true },
    );
    expect(
      sites.near!.embeddings!.between.filter(({ sides }) => sides[0] !== sides[1] && sides[1] === 'against'),
    ).toEqual([]);
  });

  it('are refused a cosine that is none, and a source without a vector', async () => {
    const asked = (source: string | undefined, embeddings: number | boolean) =>
      headstart.inspect({ target: 'emoji-scenes-google', source }, { embeddings });
    await expect(asked(undefined, 1)).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(asked('nanodet-coco', true)).rejects.toMatchObject({ code: 'not-supported' });
  });
});

describe('groups', () => {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const author = `author ${i % 17}`;
    return `"${author} wrote sentence ${i} ${'xyzzy'.slice(i % 5)} ${(i * 7919).toString(36)}",${i % 2 ? 'good' : 'bad'},${i % 40 === 3 ? '' : author}`;
  });

  it('of a table stay in one split and one fold, and are known again by evaluate', async () => {
    const target = await put('texts.csv', `text,label,author\n${rows.join('\n')}\n`);
    const asked = { target, groupColumn: 'author' };
    const said = await headstart.inspect(asked);
    expect(said.groups).toMatchObject({ groups: 17, alone: 3, apart: 0 });
    expect(said.table!.columns).toContainEqual({ name: 'author', role: 'group' });
    expect(said.warnings.map(({ code }) => code)).toContain('samples-without-group');
    const plan = await headstart.plan({ ...asked, source: 'text-cnn' });
    expect(plan.choices).toContainEqual({
      what: 'groups',
      value: '17, each in one split',
      why: 'told by the column "author"',
    });
    const out = join(root, 'model');
    const trained = await headstart.train({ ...asked, source: 'text-cnn', epochs: 1, out });
    const card = JSON.parse(await readFile(join(out, 'model.json'), 'utf8')) as { training: object };
    expect(card.training).toMatchObject({ groupColumn: 'author', groupBy: null });
    const model = await headstart.load(out);
    try {
      const again = await model.evaluate(target);
      expect(again.split).toBe('test');
      expect(again.samples).toBe(trained.samples['test']);
      // The same texts without the column are other data.
      const without = await put(
        'plain.csv',
        `text,label\n${rows.map((row) => row.replace(/,[^,]*$/, '')).join('\n')}\n`,
      );
      expect((await model.evaluate(without)).split).toBe('all');
    } finally {
      model.dispose();
    }
    const { outOfFold } = await headstart.crossValidate(
      { ...asked, source: 'text-cnn', epochs: 1, out: join(root, 'folded') },
      { folds: 3 },
    );
    const folds = new Map<string, Set<unknown>>();
    for (const { id, fold } of outOfFold) {
      const author = rows[Number(String(id).split(':')[1]) - 2]!.split(',').at(-1)!;
      if (author !== '') folds.set(author, (folds.get(author) ?? new Set()).add(fold));
    }
    expect([...folds.values()].map(({ size }) => size)).toEqual(new Array(17).fill(1));
  });

  it('of pictures are told by their names, also where they have boxes', async () => {
    const picture = (seed: number) =>
      sharp({ create: { width: 40, height: 30, channels: 3, background: { r: seed * 5, g: 99, b: 255 - seed } } });
    const boxes = ['image,xmin,ymin,xmax,ymax,label,camera'];
    for (let i = 0; i < 30; i++) {
      await put(`photos/${i % 2 ? 'cat' : 'dog'}/p${i % 6}_${i}.png`, await picture(i).png().toBuffer());
      await put(`boxed/images/p${i % 6}_${i}.png`, await picture(i).png().toBuffer());
      boxes.push(`p${i % 6}_${i}.png,2,2,20,20,${i % 2 ? 'cat' : 'dog'},camera ${i % 5}`);
    }
    const labels = await put('boxed/boxes.csv', `${boxes.join('\n')}\n`);
    const photos = { target: join(root, 'photos'), groupBy: '/p(\\d)_' };
    expect((await headstart.inspect(photos)).groups).toMatchObject({ groups: 6, alone: 0, largest: { samples: 5 } });
    const byName = await headstart.inspect({ target: labels, groupBy: 'p(\\d)_' });
    expect(byName).toMatchObject({ task: 'object-detection', groups: { groups: 6 } });
    const byColumn = await headstart.inspect({ target: labels, groupColumn: 'camera' });
    expect(byColumn).toMatchObject({ groups: { groups: 5, alone: 0, largest: { samples: 6 } } });
    expect(byColumn.table!.columns).toContainEqual({ name: 'camera', role: 'group' });

    const refused = (more: object, ...words: string[]) =>
      refusalOf(headstart.inspect({ target: join(root, 'photos'), ...more }), 'invalid-option', ...words);
    const { error } = await headstart.inspect({ ...photos, groupBy: 'q(\\d)_' });
    expect(error).toMatchObject({ code: 'invalid-option' });
    expect(error!.message).toContain('matches none of 30 samples, which are called cat/p');
    await refused({ groupBy: 'p\\d_' }, 'has no capture');
    await refused({ groupBy: '(' }, 'no regular expression');
    await refused({ groupBy: '(p)', groupColumn: 'p' }, 'both say');
    await refused({ groupColumn: 'patient' }, 'patient', '--group-by');
    await refusalOf(
      headstart.inspect({ target: labels, groupColumn: 'patient' }),
      'invalid-option',
      'no column "patient"',
      'camera',
    );
    await refusalOf(
      headstart.inspect({ target: 'sentiment-imdb', groupColumn: 'author' }),
      'invalid-option',
      'no sample is in a group',
    );
    const twice = await put('boxed/twice.csv', `${boxes.join('\n')}\np0_0.png,1,1,9,9,cat,camera 4\n`);
    await refusalOf(headstart.inspect({ target: twice, groupColumn: 'camera' }), 'target-unreadable', 'another group');
  });
});
