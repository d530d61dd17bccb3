// The plan of a run is made before any backend is opened, and core offers that part of it to nobody else:
/* eslint-disable no-restricted-imports, @nx/enforce-module-boundaries */
import { createArtifacts, HeadstartError, silentProgress, type Plugin } from '@headstart/core';
import type { Box } from '@headstart/detection';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import { container } from 'tsyringe';
import { builtIn } from '../../packages/core/src/plugins/built-in.ts';
import { Registries } from '../../packages/core/src/plugins/registries.ts';
import { Services } from '../../packages/core/src/plugins/services.ts';
import { setUpPlugin } from '../../packages/core/src/plugins/set-up.ts';
import { planTransfer } from '../../packages/core/src/runtime/plan-transfer.ts';
import { readTarget } from '../../packages/core/src/runtime/read-target.ts';
import type { Observation, ReadObservation } from './observation.ts';

/** What a case asks for: a path, and options as the command has them. */
export interface CaseRequest {
  readonly target: string;
  readonly reader?: string;
  readonly skipBad?: boolean;
  readonly readerOptions?: Readonly<Record<string, string>>;
}

const EXAMPLES = 4;

const registries = new Registries();
for (const plugin of [builtIn(), vision(), nlp(), detection()] satisfies Plugin[])
  setUpPlugin(plugin, registries, new Services(container.createChildContainer()));
const artifacts = createArtifacts({ progress: silentProgress });
const backend = { name: 'none', device: 'cpu', reason: 'data are read only' } as const;

/** Reads data as `train` does before its first step, and says what became of it. */
export async function readCase(request: CaseRequest): Promise<Observation> {
  try {
    return await readingOf(request);
  } catch (cause) {
    if (!HeadstartError.is(cause))
      return { kind: 'internal', message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
    const { code, message, hint = '' } = cause;
    return { kind: 'refused', code, message, hint };
  }
}

async function readingOf(request: CaseRequest): Promise<ReadObservation> {
  const { target, reader, skipBad = false, readerOptions: options = {} } = request;
  const { data } = await readTarget(
    registries,
    artifacts,
    { target, reader },
    { skipBad, options, progress: silentProgress },
  );
  const { transfer } = await planTransfer({ backend, registries, artifacts, progress: silentProgress }, request);
  const { splits } = transfer.target;
  const objects = data.samples.flatMap(({ sample }) => sample.objects ?? []);
  const { table, passedOver = [], warnings = [] } = data.notes ?? {};
  return {
    kind: 'read',
    reader: data.reader,
    task: transfer.task.id,
    labels: data.labels,
    splits: [splits.train.length, splits.validation.length, splits.test.length],
    unlabelled: data.unlabelled?.length ?? 0,
    objects: objects.length,
    area: objects.reduce((sum, object) => sum + areaOf(object as { box?: Box }), 0),
    examples: data.samples.slice(0, EXAMPLES).map(({ sample }) => {
      const { id, text = id, pair, label, labels = [] } = sample as typeof sample & { text?: string; pair?: string };
      const names = [...(label === undefined ? [] : [label]), ...labels].map((index) => data.labels[index]);
      const contents = [text, ...(pair === undefined ? [] : [`pair: ${pair}`])].map((part) => part.slice(0, 200));
      return [...contents, names.join(', ')].join(' => ');
    }),
    said: [
      ...(table?.columns ?? []).map(({ name, role = 'not read' }) => `column ${name}: ${role}`),
      ...warnings.map(({ code, message, hint }) => `${code}: ${message} ${hint}`),
      ...passedOver.map(({ what, count, examples }) => `passed over: ${count} ${what} (${examples.join(', ')})`),
      ...data.skipped.map(({ id, reason }) => `skipped: ${id}: ${reason}`),
      ...(data.unlabelled ?? []).map(({ id, reason }) => `unlabelled: ${id}: ${reason}`),
    ],
  };
}

function areaOf({ box }: { box?: Box }): number {
  return box ? box[2] * box[3] : 0;
}
