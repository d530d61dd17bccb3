import { silentProgress, type ReadOptions, type TargetData } from '@headstart/core';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { TextSample } from '../texts/text-sample.ts';
import { textTable } from './text-table.ts';

export const options: ReadOptions = { skipBad: false, progress: silentProgress, options: {} };

/** A folder for a test's files, new for each test. */
export class DataFolder {
  root = '';

  constructor() {
    beforeEach(async () => void (this.root = await mkdtemp(join(tmpdir(), 'headstart-texts-'))));
    afterEach(() => rm(this.root, { recursive: true, force: true }));
  }

  async put(path: string, content: string | Uint8Array): Promise<string> {
    const whole = join(this.root, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, content);
    return whole;
  }

  /** Writes a file and reads it as a table of texts. */
  async read(
    name: string,
    content: string | Uint8Array,
    given: Record<string, string> = {},
    how = options,
  ): Promise<TargetData<TextSample>> {
    return textTable.read(await this.put(name, content), { ...how, options: given });
  }
}

/** Id, text, pair, class or classes by name, score, split: what is there of them. */
export function listed({ labels, samples }: TargetData<TextSample>): unknown[] {
  return samples.map(({ sample, split }) => {
    const truth =
      sample.labels?.map((label) => labels[label]) ?? (sample.label === undefined ? undefined : labels[sample.label]);
    return [sample.id, sample.text, sample.pair, truth, sample.score, split].filter((value) => value !== undefined);
  });
}

/** Texts with their classes. */
export function truths(data: TargetData<TextSample>): unknown[] {
  return listed(data).map((row) => (row as unknown[]).slice(1));
}

/** What columns are taken for, by their names. */
export function roles({ notes }: TargetData): Record<string, string> {
  return Object.fromEntries(
    (notes?.table?.columns ?? []).flatMap(({ name, role }) => (role === undefined ? [] : [[name, role]])),
  );
}

/** What is said of how data were understood. */
export function remarks({ notes }: TargetData): string {
  return (notes?.remarks ?? []).join(' ');
}

/** The codes of warnings. */
export function warned({ notes }: TargetData): string[] {
  return (notes?.warnings ?? []).map(({ code }) => code);
}
