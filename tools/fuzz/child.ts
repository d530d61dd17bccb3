/** The process that inputs are read in: it is told which by its parent, which watches its time and its memory. */
import { HeadstartError } from '@headstart/core';
import { Draw } from './draw.ts';
import { FAMILIES } from './families.ts';
import type { Outcome } from './family.ts';
import type { Answer, Ask } from './messages.ts';
import { System } from './system.ts';
import { writeFiles } from './write-files.ts';

const [cache = ''] = process.argv.slice(2);
const system = new System(cache);

process.on('message', (ask: Ask) => void answer(ask));
// Where the parent has gone, nobody asks any more.
process.on('disconnect', () => process.exit());
tell({ kind: 'ready' });

async function answer({ family: name, seed, folder }: Ask): Promise<void> {
  const family = FAMILIES.find((each) => each.name === name)!;
  try {
    if (seed !== undefined) await writeFiles(folder, await family.make(new Draw(seed), system));
    // What is opened once is no input's time.
    await system.headstart;
  } catch (error) {
    return tell({ kind: 'not made', message: String((error as Error).stack) });
  }
  tell({ kind: 'reading' });
  const outcome = await outcomeOf(() => family.read(folder, system));
  // What a promise that nobody waited for rejects with comes in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  tell({ kind: 'done', outcome, peak: process.resourceUsage().maxRSS * 1024 });
}

async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work();
    return { kind: 'accepted' };
  } catch (error) {
    if (HeadstartError.is(error)) {
      const { code, message } = error;
      return code === 'internal'
        ? { kind: 'no code', message }
        : { kind: 'refused', code, message: message.slice(0, 500) };
    }
    return { kind: 'no code', message: String((error as Error | undefined)?.stack ?? error).slice(0, 2000) };
  }
}

function tell(message: Answer): void {
  process.send!(message);
}
