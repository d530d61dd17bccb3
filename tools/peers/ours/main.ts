// One measurement of Headstart: reads the job named on the command line, writes its result.
import { readFile, writeFile } from 'node:fs/promises';
import { openBackend } from '@headstart/backend';
import type { Backend } from '@headstart/core/backend';
import { isDetectionJob, isTextJob, type Job, type JobResult } from '../job.ts';

const job = JSON.parse(await readFile(process.argv[2]!, 'utf8')) as Job;
const backend = await openBackend({
  prefer: 'libtensorflow',
  device: 'cpu',
  threads: { intraOp: job.threads, interOp: job.threads },
  capture: !job.settings.includes('eager'),
});
const work = await perform(job, backend);
const result: JobResult = {
  ...work,
  // Node reports kilobytes.
  peakBytes: process.resourceUsage().maxRSS * 1024,
  versions: { node: process.versions.node, ...backend.details },
};
await writeFile(job.result, JSON.stringify(result));
await backend.close();

/** Loads the domain that is measured and no other: the tables show start-up and memory. */
async function perform(job: Job, backend: Backend) {
  if (isTextJob(job)) {
    const { encode, exportModel, tune } = await import('./text-work.ts');
    return { encode, tune, export: exportModel }[job.kind](job, backend);
  }
  if (isDetectionJob(job)) {
    const { prepare, train } = await import('./detection-work.ts');
    return { prepare, train }[job.kind](job, backend);
  }
  const { check, features, probe, train, weights } = await import('./work.ts');
  return { train, features, probe, check, weights }[job.kind](job, backend);
}
