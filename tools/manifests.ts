// `npm run manifests`: writes into each package of ours that is a plugin what it brings.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspacePackages } from './workspace/packages.ts';
import { pluginManifests } from './workspace/plugin-manifests.ts';
import { workspaceRoot } from './workspace/root.mjs';

const manifests = await pluginManifests();
for (const { folder, manifest } of workspacePackages()) {
  const headstart = manifests.get(manifest.name);
  if (headstart === undefined) continue;
  const path = join(folder, 'package.json');
  const document = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, `${JSON.stringify({ ...document, headstart }, null, 2)}\n`);
  execFileSync(join(workspaceRoot, 'node_modules', '.bin', 'biome'), ['format', '--write', path], { stdio: 'inherit' });
}
