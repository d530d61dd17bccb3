// The `prepack` of every package: its own folder is not what gets published. Node's own modules only, for it has to
// answer in a clone where nothing is installed.
// @ts-check
import { basename } from 'node:path';
import process from 'node:process';

console.error(
  `${process.env['npm_package_name'] ?? basename(process.cwd())} is not packed from its source folder: a clone may be ` +
    'unbuilt or built from older sources. Run `npm run build`, which compiles afresh, checks, and leaves what gets ' +
    `published in dist/packages/${basename(process.cwd())}; pack that folder. \`npm run release\` publishes.`,
);
process.exitCode = 1;
