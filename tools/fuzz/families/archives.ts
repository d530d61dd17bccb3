import { makeTarGz, makeZip } from '@headstart/artifacts/testing';
import type { Family } from '../family.ts';
import { TEXTS } from '../hostile.ts';
import { mutateFiles } from '../mutate-files.ts';
import { join } from 'node:path';
import { readdir } from 'node:fs/promises';

const SVG = (i: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="${i}" height="9"/></svg>`;

const NAMES = ['cat/1.svg', 'cat/2.svg', 'dog/3.svg', 'dog/4.svg'];
const parts = (names: readonly string[]) => names.map((name, i) => ({ name, data: SVG(i + 1) }));

/** Data in a zip or a tar.gz. */
export const archives: Family = {
  name: 'archives',
  valid: () => [new Map([['a.zip', makeZip(parts(NAMES))]]), new Map([['a.tar.gz', makeTarGz(parts(NAMES))]])],
  make(draw) {
    const names = [...NAMES];
    if (draw.once(3)) names.push(draw.of(TEXTS), 'dog/4.svg');
    const zip = draw.once(2);
    const bytes = zip
      ? makeZip(
          parts(names).map((part) => ({
            ...part,
            deflate: draw.once(2),
            ...(draw.once(10) && { claimedSize: 2 ** 31, mode: 0o120777 }),
          })),
        )
      : makeTarGz(
          parts(names).map((part) => ({
            ...part,
            ...(draw.once(10) && { type: draw.of(['1', '2', '3', '6', 'x', 'L']), link: '/etc' }),
          })),
        );
    const name = zip ? 'a.zip' : 'a.tar.gz';
    const files = new Map([[name, bytes]]);
    return draw.once(3) ? files : mutateFiles(draw, files);
  },
  async read(folder, system) {
    const [name = ''] = await readdir(folder);
    await (await system.headstart).inspect({ target: join(folder, name) });
  },
};
