/** Inspects or only reads a target, and prints the seconds and the peak resident memory in MB. Started by `inspect-memory`. */
import { createHeadstart, silentProgress } from '@headstart/core';
import type { Backend } from '@headstart/core/backend';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';

const [what, target = '', readerId = ''] = process.argv.slice(2);
const backend = { name: 'none', device: 'cpu', reason: 'data are read only', details: {} } as unknown as Backend;
const headstart = await createHeadstart({ backend, plugins: [vision(), nlp()] });
const start = performance.now();
if (what === 'inspect') await headstart.inspect({ target });
else {
  const reader = headstart.readers().find(({ value }) => value.id === readerId)!.value;
  await reader.read(target, { skipBad: false, options: {}, progress: silentProgress });
}
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
