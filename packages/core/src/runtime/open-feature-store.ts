import { join } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import { DiskFeatureStore } from '../data/disk-feature-store.ts';
import { parseByteSize } from '../options/byte-size.ts';

/**
 * The store of cached features: in `HEADSTART_FEATURES`, else below the cache folder, no larger than
 * `HEADSTART_FEATURES_LIMIT` says.
 * @throws HeadstartError `invalid-option` for a limit that is not a valid size
 */
export function openFeatureStore(cacheRoot: string, env: NodeJS.ProcessEnv = process.env): DiskFeatureStore {
  const limit = env.HEADSTART_FEATURES_LIMIT;
  const diskLimit = limit === undefined ? undefined : parseByteSize(limit);
  if (limit !== undefined && diskLimit === undefined) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `HEADSTART_FEATURES_LIMIT is "${limit}", which is not a valid size.`,
      hint: 'Give a number of bytes with a unit, such as 20GiB, or leave it out.',
    });
  }
  return new DiskFeatureStore(env.HEADSTART_FEATURES ?? join(cacheRoot, 'features'), { diskLimit });
}
