import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SourceDomain, SourceRuntime, SourceScheme } from '../domains/source-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backbone } from '../network/backbone.ts';
import { withMembers } from '../network/with-members.ts';
import { loadModel } from './load-model.ts';
import { ASSETS_FOLDER, CARD_FILE, parseCard, unreadable, type ModelCard } from './card-schema.ts';
import { checkFile } from './model-directory.ts';
import { hasMerged } from './relabelled-head.ts';
import { originOf, sourceOf, taskOf, type ModelParts } from './model-parts.ts';

/**
 * `model:<folder>`: a model that was trained before as a source. Its backbone is the trained one, its head the
 * `sourceHead` with the labels that it was trained on.
 */
export function modelScheme(parts: ModelParts): SourceScheme {
  return {
    scheme: 'model',
    description: 'a model that you trained, by its folder: model:./runs/<run>; its head is what the source knows',
    resolve(rest) {
      if (rest !== '') return modelSource(resolve(rest), parts);
      throw new HeadstartError({
        code: 'invalid-option',
        message: 'The source "model:" names no folder.',
        hint: 'Name the folder of a model that you trained: model:./runs/<run>.',
      });
    },
  };
}

/** @throws HeadstartError `model-invalid`, `unknown-name` where no plugin has its task */
function modelSource(directory: string, parts: ModelParts): SourceDomain {
  const { card, bytes } = readCard(directory);
  const urlOf = (file: string) => pathToFileURL(join(directory, file)).href;
  const origin = originOf(card);
  // A model that has its head alone leaves the files that a backbone is built from with the source, too.
  const saved = card.weights.base
    ? undefined
    : (name: string) => checkFile(directory, `${ASSETS_FOLDER}/${name}`, card);
  return {
    id: `model:${directory}`,
    modality: taskOf(directory, card, parts).modality,
    origin,
    trained: { task: card.task, labels: card.labels, merged: hasMerged(card) },
    card: {
      title: `The model in ${directory}`,
      description: `${card.source.id}, trained on ${card.target.id} for ${card.task}${card.labels.length > 0 ? ` in ${card.labels.length} classes` : ''}.`,
      trainedOn: card.target.id,
      licence: card.source.licence,
      files: [
        { uri: urlOf(CARD_FILE), sha256: createHash('sha256').update(bytes).digest('hex') },
        { uri: urlOf(card.weights.file), sha256: card.weights.sha256 },
      ],
    },
    inputLimit: async (runtime) => sourceOf(directory, card, parts, origin).inputLimit?.(runtime, { assets: saved }),
    async open(runtime, { weights, assets }) {
      if (weights === 'published') return openTrained(directory, parts, runtime);
      return sourceOf(directory, card, parts, origin).open(runtime, { weights, assets: assets ?? saved });
    },
  };
}

/** The trained backbone with the head that was trained on it. */
async function openTrained(directory: string, parts: ModelParts, runtime: SourceRuntime): Promise<Backbone> {
  const { card, model } = await loadModel(directory, parts, runtime);
  return withMembers(model.backbone, {
    sourceHead: { stage: model.head, labels: card.labels },
    dispose: () => model.dispose(),
  });
}

/** At once, since a source says what kind of data it is for before it is opened. */
function readCard(directory: string): { card: ModelCard; bytes: Buffer } {
  let bytes: Buffer;
  try {
    const path = join(directory, CARD_FILE);
    if (!statSync(path).isFile()) throw new Error('it is no file');
    bytes = readFileSync(path);
  } catch (error) {
    throw unreadable(directory, CARD_FILE, error);
  }
  return { card: parseCard(directory, bytes), bytes };
}
