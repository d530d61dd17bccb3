import { reportOfFiles, scoreFiles } from '@headstart/detection';
import { join } from 'node:path';
import type { Family, Files } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';

/** COCO's truth and a detector's output. */
export const scores: Family = {
  name: 'scores',
  valid: () => [filesOf()],
  make: (draw) => mutateFiles(draw, filesOf()),
  async read(folder) {
    const files = [join(folder, 'truth.json'), join(folder, 'found.json')] as const;
    await scoreFiles(...files);
    await reportOfFiles(...files);
  },
};

const images = Array.from({ length: 6 }, (_, i) => ({ id: i + 1, file_name: `${i + 1}.jpg`, width: 64, height: 48 }));
const truth = {
  images,
  categories: ['cat', 'dog'].map((name, i) => ({ id: i + 1, name })),
  annotations: images.map(({ id }) => ({
    ...{ id, image_id: id, category_id: 1 + (id % 2), iscrowd: 0, area: 400 },
    bbox: [id, 2 * id, 20, 20],
    segmentation: [[1, 1, 20, 1, 20, 20]],
  })),
};
const found = images.map(({ id }) => ({
  image_id: id,
  category_id: 1 + (id % 2),
  bbox: [id + 1, 2 * id, 19, 20],
  score: 1 / id,
}));

const filesOf = (): Files =>
  new Map([
    ['truth.json', JSON.stringify(truth)],
    ['found.json', JSON.stringify(found)],
  ]);
