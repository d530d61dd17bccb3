import { setTimeout } from 'node:timers/promises';
import { createHeadstart } from '../runtime/create-headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { adversarialPlugin } from './adversarial.test.support.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import type { RunEvents } from '../runs/events.ts';

/** Child process of the tests: one run that reports each event on a line of its own. Waits at its end to be killed. */
const [mode, strategy, out, cache] = process.argv.slice(2) as ['train' | 'resume', string, string, string];
const tell = (event: string) => void process.stdout.write(`${event}\n`);
const events: Partial<RunEvents> = {
  features: () => tell('features'),
  step: () => tell('step'),
  checkpoint: () => tell('checkpoint'),
  async runEnd() {
    tell('runEnd');
    if (process.env.WAIT_AT_THE_END) await setTimeout(60_000);
  },
};
const adapts = strategy !== 'gradual-unfreeze';
const headstart = await createHeadstart({
  backend: await plainBackend(),
  plugins: [pointPlugin(), adversarialPlugin()],
  cacheRoot: cache,
});
if (mode === 'resume') await headstart.resume(out, { events });
else {
  await headstart.train(
    {
      target: 'points',
      strategy,
      ...(adapts && { adapt: 'moved' }),
      // A bottleneck of 256 and a discriminator are slow in plain JavaScript: few epochs of those.
      epochs: strategy === 'adversarial' ? 20 : adapts ? 6 : 3,
      batchSize: 16,
      seed: 8,
      ema: 0.9,
      augmentation: 'jitter',
      checkpointEvery: 1,
      out,
    },
    { events },
  );
}
