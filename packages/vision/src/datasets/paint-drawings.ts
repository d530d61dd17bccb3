import { makeFolder } from '@headstart/artifacts/storage';
import type { Progress } from '@headstart/core';
import { mapBounded } from '@headstart/core/images';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** A side of the painted pictures, in pixels. */
const SIDE = 64;

/** The resolution at which a drawing's own units are pixels. */
const UNIT_DENSITY = 72;

/** Drawings painted at once: the painter's threads are four. */
const PARALLEL = 4;

/**
 * Paints drawings (SVG) as pictures of 64 x 64 pixels, PNG with transparency, into a folder: `<name>.png` each. Nothing
 * is painted where the folder is there.
 * @throws HeadstartError `storage-*`
 */
export function paintDrawings(
  folder: string,
  drawings: readonly { readonly name: string; readonly path: string }[],
  progress: Progress,
): Promise<void> {
  return makeFolder(folder, async (work) => {
    const bar = progress.start({ label: 'painting drawings', total: drawings.length, unit: 'images' });
    let done = 0;
    try {
      await mapBounded(drawings, PARALLEL, async ({ name, path }) => {
        await writeFile(join(work, `${name}.png`), await paint(await readFile(path)));
        bar.update(++done);
      });
    } finally {
      bar.end();
    }
  });
}

/** At the resolution that gives it the wanted size, so that nothing is painted small and enlarged. */
async function paint(svg: Buffer): Promise<Buffer> {
  const { width, height } = await sharp(svg, { density: UNIT_DENSITY }).metadata();
  return sharp(svg, { density: (UNIT_DENSITY * SIDE) / Math.max(width, height) })
    .resize(SIDE, SIDE, { fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .png()
    .toBuffer();
}
