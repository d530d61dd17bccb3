import { join } from 'node:path';
import type { Artifacts } from '@headstart/core';

interface PhotographPackage {
  readonly uri: string;
  readonly sha256: string;
  readonly folder: string;
}

/** Wheels are built a platform; the pictures in them are the same, so that of one platform serves all. */
const PLATFORM = 'python=3.11&abi=cp311&platform=manylinux_2_28_x86_64';

const SCIKIT_IMAGE: PhotographPackage = {
  uri: `pypi:scikit-image@0.26.0?${PLATFORM}`,
  sha256: '74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af',
  folder: 'skimage/data',
};
const SCIKIT_LEARN: PhotographPackage = {
  uri: `pypi:scikit-learn@1.9.1?${PLATFORM}`,
  sha256: '52a0703bbc07ad27f560fa63fa68e4c54dd735bfbbf65b4dd3c225dc7547b6df',
  folder: 'sklearn/datasets/images',
};

/** Photographs behind the scenes: those of the tested ones occur in no other. */
export const PHOTOGRAPHS = {
  train: ['astronaut.png', 'coffee.png', 'motorcycle_left.png', 'grass.png', 'ihc.png', 'china.jpg'],
  test: ['chelsea.png', 'rocket.jpg', 'gravel.png', 'camera.png', 'flower.jpg'],
} as const;

const FROM_SCIKIT_LEARN = new Set<string>(['china.jpg', 'flower.jpg']);

/** The paths of all photographs by name. */
export async function photographs(artifacts: Artifacts): Promise<Map<string, string>> {
  const names = [...PHOTOGRAPHS.train, ...PHOTOGRAPHS.test];
  const paths = new Map<string, string>();
  for (const source of [SCIKIT_IMAGE, SCIKIT_LEARN]) {
    const own = names.filter((name) => FROM_SCIKIT_LEARN.has(name) === (source === SCIKIT_LEARN));
    const include = own.map((name) => `${source.folder}/${name}`);
    const { path } = await artifacts.package({ uri: source.uri, archiveSha256: source.sha256, include });
    own.forEach((name, i) => paths.set(name, join(path, include[i]!)));
  }
  return paths;
}
