import { join } from 'node:path';
import type { Artifacts } from '@headstart/core';

const FOLDER = 'skimage/data';
const NAMES = ['astronaut.png', 'coffee.png'] as const;

/** Paths of scikit-image's photographs of a woman in a space suit and of a cup on a table, in this order. */
export async function photographs(artifacts: Artifacts): Promise<string[]> {
  const include = NAMES.map((name) => `${FOLDER}/${name}`);
  const { path } = await artifacts.package({
    // The wheel of one platform serves all: the pictures in them are the same.
    uri: 'pypi:scikit-image@0.26.0?python=3.11&abi=cp311&platform=manylinux_2_28_x86_64',
    archiveSha256: '74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af',
    include,
  });
  return include.map((name) => join(path, name));
}
