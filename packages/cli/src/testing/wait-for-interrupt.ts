import { interruptible } from '../interrupts.ts';
import { Console } from '../terminal/console.ts';

// A program that goes on whatever it is told: only the system's default for a signal ends it.
const console = new Console(process.stdout, process.stderr);
await interruptible(console, (signal) => {
  console.say('ready');
  signal.addEventListener('abort', () => console.say('told'));
  return new Promise<void>(() => setInterval(() => {}, 1000));
});
