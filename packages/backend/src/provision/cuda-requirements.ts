import { HeadstartError } from '@headstart/core';

export interface CudaRequirement {
  name: string;
  /** The least version allowed, which is the one that TensorFlow was built with. */
  version: string;
}

/**
 * The NVIDIA packages that a TensorFlow wheel wants for its GPU: the `Requires-Dist` lines of its
 * METADATA (core metadata specification, PEP 566; requirement syntax, PEP 508) under the extra
 * `and-cuda`, such as `nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"`.
 *
 * @throws HeadstartError `artifact-not-found` when the metadata lists none, or one without a least version
 */
export function readCudaRequirements(metadata: string): CudaRequirement[] {
  const headers = metadata.split(/\r?\n\r?\n/, 1)[0]!;
  const requirements: CudaRequirement[] = [];
  for (const line of headers.split(/\r?\n/)) {
    const [, requirement, marker] = /^Requires-Dist:\s*([^;]+?)\s*;\s*(.+?)\s*$/.exec(line) ?? [];
    if (!requirement || !/extra\s*==\s*["']and-cuda["']/.test(marker!)) continue;
    const name = /^[A-Za-z0-9][\w.-]*/
      .exec(requirement)![0]
      .toLowerCase()
      .replace(/[-_.]+/g, '-');
    const version = /(?:>=|==)\s*([\w.+!-]+)/.exec(requirement.slice(name.length))?.[1];
    if (!version) throw unusable(`its line "${line}" gives no minimum version`);
    requirements.push({ name, version });
  }
  if (requirements.length === 0) throw unusable('it lists no package under the extra and-cuda');
  return requirements;
}

function unusable(why: string): HeadstartError {
  return new HeadstartError({
    code: 'artifact-not-found',
    message: `The CUDA libraries of this TensorFlow wheel cannot be found in its metadata: ${why}.`,
    hint: 'Install "tensorflow[and-cuda]" with pip and point HEADSTART_LIBTENSORFLOW at its site-packages folder.',
  });
}
