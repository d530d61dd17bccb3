// `npm run versions`: writes the version of each package.json into the package's version.ts, which compiled code and
// bundles of it state without reading a file. With --check it writes nothing and fails where one is another.
import { writeFileSync } from 'node:fs';
import { staleVersions } from './workspace/stated-versions.ts';

const stale = staleVersions();
if (!process.argv.includes('--check')) {
  for (const { path, text } of stale) writeFileSync(path, text);
} else if (stale.length > 0) {
  console.error(
    `Not the version of their package.json: ${stale.map(({ path }) => path).join(', ')}. Run npm run versions.`,
  );
  process.exitCode = 1;
}
