/** Stands in for the child that reads inputs: of the family `dies` it ends, of `dies-late` once it has told the outcome. */
import type { Answer, Ask } from './messages.ts';
import { writeFiles } from './write-files.ts';

const tell = (message: Answer) => process.send!(message);

process.on('message', (ask: Ask) => void answer(ask));
process.on('disconnect', () => process.exit());
tell({ kind: 'ready' });

async function answer({ family, seed, folder }: Ask): Promise<void> {
  await writeFiles(folder, new Map([['seed.txt', String(seed)]]));
  tell({ kind: 'reading' });
  if (family === 'dies') process.exit(3);
  tell({ kind: 'done', outcome: { kind: 'accepted' }, peak: 1 });
  if (family === 'dies-late') setImmediate(() => process.exit(4));
}
