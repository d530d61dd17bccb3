import { setTimeout } from 'node:timers/promises';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';

/** Child process of the tests: trains slowly, or goes on with a run, and reports each step and at last the outcome. */
const [mode, out, cache] = process.argv.slice(2) as ['train' | 'resume', string, string];
const tell = (line: string) => void process.stdout.write(`${line}\n`);
const headstart = await createHeadstart({ backend: await plainBackend(), plugins: [pointPlugin()], cacheRoot: cache });
const slowly = {
  async step() {
    tell('step');
    await setTimeout(100);
  },
};
try {
  const done = await (mode === 'resume'
    ? headstart.resume(out)
    : headstart.train(
        { target: 'points', strategy: 'linear-probe', epochs: 16, batchSize: 1, seed: 5, out },
        { events: slowly },
      ));
  tell(JSON.stringify({ model: done.model }));
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  tell(JSON.stringify({ code, message }));
}
