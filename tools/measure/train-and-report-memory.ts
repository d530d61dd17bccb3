/** One training run; prints the process's peak resident memory in MB. Started by memory.ts. */
import { join } from 'node:path';
import { silentProgress } from '@headstart/core';
import { compose } from '../workspace/compose.ts';

const [target, scratch, source, strategy] = process.argv.slice(2);
const headstart = await compose(silentProgress);
await headstart.train({
  target: target!,
  source,
  strategy,
  epochs: 1,
  augmentation: strategy === 'from-scratch' ? 'light' : 'none',
  out: join(scratch!, 'run'),
});
await headstart.close();
console.log(process.resourceUsage().maxRSS / 1024);
