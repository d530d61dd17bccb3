import { openBackend } from '@headstart/backend';
import { createHeadstart, type Headstart, type Progress } from '@headstart/core';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';

/** The system as the repository's own programs use it: the best backend here and every domain. */
export async function compose(progress: Progress): Promise<Headstart> {
  return createHeadstart({ backend: await openBackend({ progress }), plugins: [vision(), nlp(), detection()], progress });
}
