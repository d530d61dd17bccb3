import { checkManifest, manifestDifferences } from '@headstart/core/manifest';
import { expect, it } from 'vitest';
import { workspacePackages } from '../tools/workspace/packages.ts';
import { pluginManifests } from '../tools/workspace/plugin-manifests.ts';

it('has each of our plugins say in its package.json what its setup adds', async () => {
  const expected = await pluginManifests();
  expect([...expected.keys()].sort()).toEqual([
    '@headstart/core',
    '@headstart/detection',
    '@headstart/nlp',
    '@headstart/vision',
  ]);
  for (const { manifest } of workspacePackages()) {
    const added = expected.get(manifest.name);
    if (added === undefined) expect(manifest.headstart, manifest.name).toBeUndefined();
    else {
      const { contributes } = checkManifest(manifest.name, manifest.headstart);
      expect(manifestDifferences(contributes, added.contributes), 'run `npm run manifests`').toEqual([]);
      // In the order of setup, and with every field: lists are printed from it.
      expect(manifest.headstart, 'run `npm run manifests`').toEqual(added);
    }
  }
});
