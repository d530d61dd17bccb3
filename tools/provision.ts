import { join } from 'node:path';
import { installBackend } from '@headstart/backend';
import { cacheRoot, createArtifacts } from '@headstart/core';
import { efficientNetLite0, emojiDataset, mnist } from '@headstart/vision';
import { provision, type ProvisionStep } from './workspace/provisioning.ts';
import { terminalProgress } from './workspace/terminal-progress.ts';

/** What the tests and the demo need on this machine: the native library, weights and data. */
const steps: ProvisionStep[] = [
  {
    label: 'libtensorflow',
    run: async (progress) => (await installBackend({ progress })).folder,
  },
  {
    label: 'EfficientNet-Lite0',
    async run(progress) {
      const artifacts = artifactsWith(progress);
      const { path } = await artifacts.file({ ...efficientNetLite0.card.files[0]! });
      return path;
    },
  },
  ...[emojiDataset('google'), mnist].map((dataset): ProvisionStep => ({
    label: dataset.id,
    async run(progress) {
      const { samples } = await dataset.load({ artifacts: artifactsWith(progress) }, { skipBad: false, progress, options: {} });
      return `${samples.length} images`;
    },
  })),
];

function artifactsWith(progress: Parameters<ProvisionStep['run']>[0]) {
  return createArtifacts({ root: join(cacheRoot(), 'artifacts'), progress });
}

if (await provision(steps, terminalProgress(), console.log)) process.exitCode = 1;
