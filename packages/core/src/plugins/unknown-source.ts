import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import { CARD_FILE } from '../models/card-schema.ts';
import type { PackageOffer } from './package-offer.ts';
import { unknownPart } from './unknown-part.ts';

/** The error for a source that is not there; it may be a trained model's folder, which has a scheme. */
export function unknownSource(
  id: string,
  sources: readonly string[],
  schemes: readonly string[],
  offers: readonly PackageOffer[],
): HeadstartError {
  if (!existsSync(join(id, CARD_FILE)))
    return unknownPart('source', id, [...sources, ...schemes.map((name) => `${name}:…`)], offers);
  return new HeadstartError({
    code: 'unknown-name',
    message: `Unknown source "${id}".`,
    hint: `It is the folder of a trained model: give it as model:${id}`,
  });
}
