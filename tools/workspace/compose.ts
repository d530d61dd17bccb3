import { openBackend } from '@headstart/backend';
import { createHeadstart, type Headstart, type Plugin, type Progress } from '@headstart/core';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';

/** The system as the repository's own programs use it: the best backend here, every domain and what is named besides. */
export async function compose(progress: Progress, plugins: readonly Plugin[] = []): Promise<Headstart> {
  return createHeadstart({
    backend: await openBackend({ progress }),
    plugins: [vision(), nlp(), detection(), ...plugins],
    progress,
  });
}
