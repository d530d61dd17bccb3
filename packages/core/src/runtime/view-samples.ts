import type { SampleView } from '../tasks/sample-view.ts';
import type { InspectServices } from './inspect-target.ts';
import { prepareTarget, viewOf, type PrepareRequest } from './prepare-target.ts';

/** Which samples of a data set are to be seen: those of these digests. */
export interface ViewRequest extends PrepareRequest {
  readonly digests: readonly string[];
}

/** A sample as people see it. */
export interface ViewedSample extends SampleView {
  readonly id: string;
}

/**
 * What people see of samples that are known by their digests; those that the data do not have are left out.
 * @throws HeadstartError as reading does
 */
export async function viewSamples(
  services: InspectServices,
  { digests, ...request }: ViewRequest,
): Promise<ReadonlyMap<string, ViewedSample>> {
  const { data, task } = await prepareTarget(services, request);
  const view = viewOf(task);
  const wanted = new Set(digests);
  const found = new Map<string, ViewedSample>();
  for (const { sample } of data.samples)
    if (wanted.has(sample.digest) && !found.has(sample.digest))
      found.set(sample.digest, { ...view(sample), id: sample.id });
  return found;
}
