import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrawnData } from '../measure/drawn-data.ts';
import { expect } from './expect.ts';
import type { Project } from './project.ts';

/** What `headstart train --json` says that is looked at here. */
export interface Trained {
  readonly task: string;
  readonly source: string;
  readonly model: string;
  /** Numbers by split and metric. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Digest over the weights of a model's folder. */
async function weightsDigest(model: string): Promise<string> {
  const names = (await readdir(model)).filter((name) => name.endsWith('.safetensors')).sort();
  expect(names.length > 0, `weights in ${model}`);
  const hash = createHash('sha256');
  for (const name of names) hash.update(await readFile(join(model, name)));
  return hash.digest('hex');
}

/** Trains on pictures and predicts one of them. @returns the digest of the weights */
export async function trainPictures(project: Project, { pictures }: DrawnData): Promise<string> {
  const { task, model } = await project.document<Trained>('train', pictures, '--seed', '1', '--epochs', '5');
  expect(task === 'image-classification', `a classifier of pictures; it is ${task}`);
  const picture = join(pictures, 'disc', '0.png');
  const predictions = await project.document<unknown[]>('predict', model, picture);
  expect(predictions.length === 1, 'one prediction for one picture');
  return weightsDigest(model);
}

/** A table of texts, where no installed package reads texts: the command says which one does. */
export async function missingDomain(project: Project, { texts }: DrawnData): Promise<void> {
  const outcome = await project.headstart(['train', texts]);
  expect(outcome.status === 1, 'a failure of status 1', outcome);
  expect(outcome.stderr.includes('@headstart/nlp'), 'the package that reads texts, by name', outcome);
}

/** Adds the package of texts by the command, and trains on texts. */
export async function addDomain(project: Project, { texts }: DrawnData): Promise<void> {
  const outcome = await project.headstart(['add', '@headstart/nlp', '--yes']);
  expect(outcome.status === 0, '@headstart/nlp installed by the command', outcome);
  const { task } = await project.document<Trained>('train', texts, '--seed', '1', '--epochs', '3');
  expect(task === 'text-classification', `a classifier of texts; it is ${task}`);
}

/** The command's own installation, without a registry to reach: says that, and what to do. */
export async function addWithoutNetwork(project: Project): Promise<void> {
  const before = await readFile(join(project.folder, 'package.json'), 'utf8');
  const nowhere = 'http://127.0.0.1:9/';
  const outcome = await project.headstart(['add', '@headstart/detection', '--yes'], {
    npm_config_registry: nowhere,
    npm_config_fetch_retries: '0',
    npm_config_offline: 'false',
  });
  expect(outcome.status === 1, 'a failure of status 1', outcome);
  expect(/registry|network/i.test(outcome.stderr), 'words about the registry or the network', outcome);
  expect(before === (await readFile(join(project.folder, 'package.json'), 'utf8')), 'package.json as it was');
}

/** Weights that are neither in the cache nor to be had: the command names them, and does not train on others. */
export async function trainWithoutNetwork(project: Project, { pictures }: DrawnData): Promise<void> {
  const outcome = await project.headstart(['train', pictures], {
    HEADSTART_CACHE: join(project.folder, 'empty-cache'),
    npm_config_registry: 'http://127.0.0.1:9/',
    PIP_INDEX_URL: 'http://127.0.0.1:9/',
  });
  expect(outcome.status === 1, 'a failure of status 1', outcome);
  expect(/127\.0\.0\.1:9/.test(outcome.stderr), 'the address that cannot be reached', outcome);
}
