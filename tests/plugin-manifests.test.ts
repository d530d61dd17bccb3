import {
  askedNames,
  checkManifest,
  CONTRIBUTION_KINDS,
  KNOWN_PACKAGES,
  manifestDifferences,
} from '@headstart/core/manifest';
import { expect, it } from 'vitest';
import { workspacePackages } from '../tools/workspace/packages.ts';
import { pluginManifests } from '../tools/workspace/plugin-manifests.ts';

it('has each of our plugins say in its package.json what its setup adds', async () => {
  const expected = await pluginManifests();
  expect([...expected.keys()].sort()).toEqual([
    '@headstart/core',
    '@headstart/detection',
    '@headstart/nlp',
    '@headstart/tracking',
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

it('knows what the domain packages bring, where they are not installed', async () => {
  const manifests = await pluginManifests();
  const domains = [...manifests].filter(([name, { contributes }]) => name !== '@headstart/core' && contributes.tasks);
  expect(KNOWN_PACKAGES.map(({ name }) => name).sort()).toEqual(domains.map(([name]) => name).sort());
  for (const { name, brings, modalities = [] } of KNOWN_PACKAGES) {
    const { contributes } = manifests.get(name)!;
    for (const kind of CONTRIBUTION_KINDS) {
      expect(new Set(brings[kind]), `${name}: ${kind}`).toEqual(new Set(askedNames(contributes, kind)));
    }
    expect(new Set(modalities)).toEqual(new Set(contributes.tasks?.map(({ modality }) => modality)));
  }
});
