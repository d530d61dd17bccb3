import { mkdtempSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveForm } from '@headstart/artifacts';
import {
  createHeadstart,
  HeadstartError,
  silentProgress,
  type Headstart,
  type Reader,
  type ReadOptions,
  type Sample,
} from '@headstart/core';
import type { Backend } from '@headstart/core/backend';
import type { Inspection } from '@headstart/core/readers';
import type { DetectionSample } from '@headstart/detection';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import type { Observation, ReadObservation } from './observation.ts';

/** What a case asks for: a path, and options as the command has them. */
export interface CaseRequest {
  readonly target: string;
  readonly reader?: string;
  readonly skipBad?: boolean;
  readonly readerOptions?: Readonly<Record<string, string>>;
}

const EXAMPLES = 4;

/** Stands where a backend is required: data are read only. */
const noBackend = { name: 'none', device: 'cpu', reason: 'data are read only', details: {} } as unknown as Backend;

let composed: Promise<Headstart> | undefined;

/** With a cache of its own, in which archives are unpacked. */
function compose(): Promise<Headstart> {
  const cacheRoot = mkdtempSync(join(tmpdir(), 'headstart-data-layouts-cache-'));
  process.on('exit', () => rmSync(cacheRoot, { recursive: true, force: true }));
  return createHeadstart({ backend: noBackend, plugins: [vision(), nlp(), detection()], cacheRoot });
}

/** Reads data as `train` does before its first step, and says what became of it. */
export async function readCase(request: CaseRequest): Promise<Observation> {
  composed ??= compose();
  const headstart = await composed;
  try {
    const inspection = await headstart.inspect(request);
    const { error } = inspection;
    return error ? { kind: 'refused', ...error } : await readingOf(headstart, request, inspection);
  } catch (cause) {
    if (!HeadstartError.is(cause))
      return { kind: 'internal', message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
    const { code, message, hint = '' } = cause;
    return { kind: 'refused', code, message, hint };
  }
}

/** What the inspection says, and the samples themselves beside it. */
async function readingOf(
  headstart: Headstart,
  { target, skipBad = false, readerOptions: options = {} }: CaseRequest,
  inspection: Inspection,
): Promise<ReadObservation> {
  const reader = headstart.readers().find(({ value }) => value.id === inspection.reader)!.value;
  const { task, samples: counts, unlabelled, skipped, passedOver, warnings, table, objects } = inspection;
  return {
    kind: 'read',
    reader: inspection.reader,
    task,
    labels: inspection.labels.map(({ name }) => name),
    splits: [counts.train, counts.validation, counts.test],
    unlabelled: unlabelled?.count ?? 0,
    objects: objects ? objects.boxes.train + objects.boxes.validation + objects.boxes.test : 0,
    // An archive is unpacked for the inspection alone.
    ...((await isArchive(target))
      ? { examples: [] }
      : await detailsOf(reader, target, { skipBad, options, progress: silentProgress })),
    said: [
      ...(table?.columns ?? []).map(({ name, role = 'not read' }) => `column ${name}: ${role}`),
      ...warnings.map(({ code, message, hint }) => `${code}: ${message} ${hint}`),
      ...passedOver.map(({ what, count, examples }) => `passed over: ${count} ${what} (${examples.join(', ')})`),
      ...skipped.map(({ id, reason }) => `skipped: ${id}: ${reason}`),
      ...(unlabelled?.samples ?? []).map(({ id, reason }) => `unlabelled: ${id}: ${reason}`),
    ],
  };
}

async function isArchive(path: string): Promise<boolean> {
  return (await stat(path)).isFile() && (await archiveForm(path)) !== undefined;
}

/** What the samples themselves show: all boxes, the first texts. */
async function detailsOf(reader: Reader, target: string, options: ReadOptions) {
  const { samples, labels } = await reader.read(target, options);
  const objects = samples.flatMap(({ sample }) => (sample as Sample & Partial<DetectionSample>).objects ?? []);
  return {
    area: objects.reduce((sum, { box: [, , width, height] }) => sum + width * height, 0),
    examples: samples.slice(0, EXAMPLES).map(({ sample }) => exampleOf(sample, labels)),
  };
}

function exampleOf(sample: Sample, labels: readonly string[]): string {
  const { id, text = id, pair, label } = sample as Sample & { text?: string; pair?: string };
  const contents = [text, ...(pair === undefined ? [] : [`pair: ${pair}`])].map((part) => part.slice(0, 200));
  const names = [...(label === undefined ? [] : [label]), ...(sample.labels ?? [])].map((index) => labels[index]);
  return [...contents, names.join(', ')].join(' => ');
}
