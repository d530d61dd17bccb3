// Carries over what networks have learned, to pictures and to sentences, each beside a baseline that starts
// from nothing, and finds objects in photographs.
import { showImages } from './demo/images.ts';
import { showObjects } from './demo/objects.ts';
import { say } from './demo/say.ts';
import { showTexts } from './demo/texts.ts';
import { compose } from './workspace/compose.ts';
import { terminalProgress } from './workspace/terminal-progress.ts';

const [given] = process.argv.slice(2);
if (given !== undefined) {
  console.error(
    `The demo takes no options, and there is ${given}: run it without. Your own data: npm run headstart -- train ./photos`,
  );
  process.exit(2);
}

say('Headstart: what networks have learned, carried over');
say();
const headstart = await compose(terminalProgress());
say(`Computing with ${headstart.backend.reason}.`);

section('1. Pictures: from photographs to drawings');
await showImages(headstart);

section('2. Sentences: from what many people wrote to what a customer thinks');
await showTexts(headstart);

section('3. Objects in pictures, and where they are');
await showObjects(headstart);

await headstart.close();

function section(title: string): void {
  say();
  say(title);
  say('-'.repeat(title.length));
  say();
}
