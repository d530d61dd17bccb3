import { join } from 'node:path';
import { installBackend, openBackend } from '@headstart/backend';
import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts } from '@headstart/core';
import { nanoDetCoco } from '@headstart/detection';
import { miniLmL6, useLite } from '@headstart/nlp';
import { efficientNetLite0, emojiDataset, mnist } from '@headstart/vision';
import { photographs } from './workspace/photographs.ts';
import { fetchSoftwareVulkan } from './workspace/software-vulkan.ts';
import { provision, type ProvisionStep } from './workspace/provisioning.ts';
import { terminalProgress } from './workspace/terminal-progress.ts';

/** What the tests and the demo need on this machine: the native library, weights and data. */
const steps: ProvisionStep[] = [
  {
    label: 'libtensorflow',
    run: async (progress) => (await installBackend({ progress })).folder,
  },
  ...[efficientNetLite0, miniLmL6, useLite, nanoDetCoco].map(
    (source): ProvisionStep => ({
      label: source.id,
      async run(progress) {
        await openBackend();
        const backbone = await source.open({ artifacts: artifactsWith(progress), progress }, { weights: 'published' });
        backbone.dispose();
        return backbone.architecture;
      },
    }),
  ),
  ...[emojiDataset('google'), mnist].map(
    (dataset): ProvisionStep => ({
      label: dataset.id,
      async run(progress) {
        const { samples } = await dataset.load(
          { artifacts: artifactsWith(progress) },
          { skipBad: false, progress, options: {} },
        );
        return `${samples.length} images`;
      },
    }),
  ),
  {
    label: 'photographs',
    run: async (progress) => `${(await photographs(artifactsWith(progress))).length} images`,
  },
  {
    label: 'software Vulkan driver',
    run: async (progress) => (await fetchSoftwareVulkan(artifactsWith(progress))) ?? 'no build for this machine',
  },
];

function artifactsWith(progress: Parameters<ProvisionStep['run']>[0]) {
  return createArtifacts({ root: join(cacheRoot(), 'artifacts'), progress });
}

if (await provision(steps, terminalProgress(), console.log)) process.exitCode = 1;
