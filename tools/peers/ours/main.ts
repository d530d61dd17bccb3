// One measurement of Headstart: reads the job named on the command line, writes its result.
import { readFile, writeFile } from 'node:fs/promises';
import { openBackend } from '@headstart/backend';
import type { Job, JobResult } from '../job.ts';
import { check, features, probe, train, weights } from './work.ts';

const job = JSON.parse(await readFile(process.argv[2]!, 'utf8')) as Job;
const backend = await openBackend({
  prefer: 'libtensorflow',
  device: 'cpu',
  threads: { intraOp: job.threads, interOp: job.threads },
  capture: !job.settings.includes('eager'),
});
const work = await { train, features, probe, check, weights }[job.kind](job, backend);
const result: JobResult = {
  ...work,
  // Node reports kilobytes.
  peakBytes: process.resourceUsage().maxRSS * 1024,
  versions: { node: process.versions.node, ...backend.details },
};
await writeFile(job.result, JSON.stringify(result));
await backend.close();
