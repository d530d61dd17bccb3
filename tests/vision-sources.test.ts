import { memory } from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { createArtifacts, silentProgress, type SourceRuntime } from '@headstart/core';
import { checkBackbone } from '@headstart/core/testing';
import { efficientNetLite0, smallCnn } from '@headstart/vision';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };

/** The sources of images, trained on the backend that a user trains on. */
describe('sources of images on libtensorflow', () => {
  let tensors = 0;
  beforeAll(async () => {
    await openBackend({ prefer: 'libtensorflow' });
    tensors = memory().numTensors;
  });
  afterEach(() => expect(memory().numTensors).toBe(tensors));

  it.each([
    { source: efficientNetLite0, weights: 'published' as const },
    { source: smallCnn, weights: 'none' as const },
  ])('$source.id keeps what every source must keep', async ({ source, weights }) => {
    await checkBackbone(source, { open: (options) => source.open(runtime, options), weights });
  });
});
