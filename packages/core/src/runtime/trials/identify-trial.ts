import { contentsOf, fingerprintOf } from '../../domains/fingerprint.ts';
import type { Dataset, Sample, TargetDomain } from '../../domains/target-domain.ts';
import { trainingOptions } from '../../options/transfer-options.ts';
import { CORE_VERSION } from '../../ports/version.ts';
import type { Backend } from '../../ports/backend.ts';
import type { Registries } from '../../plugins/registries.ts';
import type { TrialIdentity } from '../../runs/trial.ts';
import type { SettledRequest } from '../plan-transfer.ts';
import { forgetting, type Memo } from '../memo.ts';
import type { PlannedTrial } from './plan-trial.ts';
import { sourceIdentity, type SourceIdentity } from './source-identity.ts';

export interface IdentifyServices {
  readonly backend: Pick<Backend, 'name' | 'device'>;
  readonly registries: Registries;
  readonly memo?: Memo;
}

/** What determines the numbers of a planned trial. Data stand in it as fingerprints: how and from where they were read does not. */
export async function identifyTrial(
  { backend, registries, memo = forgetting }: IdentifyServices,
  { planned: { transfer, request }, tests }: PlannedTrial,
): Promise<TrialIdentity> {
  const { source, target, origins } = transfer;
  const known = await memo(['identify', source.id], () => sourceIdentity(source, origins['source']));
  const { fingerprint, labelled = fingerprint, unlabelled } = target;
  return {
    transfer: settled(request, known),
    source: known.files,
    train: labelled,
    ...(unlabelled && { adapt: contentsOf(unlabelled) }),
    tests: tests.map(({ samples }) => judgedFingerprint(target, samples)),
    code: {
      core: CORE_VERSION,
      ...Object.fromEntries(
        Object.entries(origins).map(([part, { plugin, version }]) => [part, `${plugin} ${version}`]),
      ),
      ...metricVersions(registries),
      backend: backend.name,
      device: backend.device,
    },
  };
}

/** The options that decide how is trained, those that were left to the strategy apart. */
function settled(request: SettledRequest, source: SourceIdentity): Record<string, unknown> {
  const { task, strategy, keepClasses = false } = request;
  const names = Object.keys(trainingOptions) as (keyof typeof trainingOptions)[];
  const training: Record<string, unknown> = {};
  for (const name of names) if (request[name] !== undefined) training[name] = request[name];
  return { task, source: source.name, strategy, keepClasses, ...training };
}

/** The samples with their truth, in the order in which they are judged, and the labels that they are judged by. */
function judgedFingerprint({ labels }: TargetDomain, samples: Dataset<Sample>): string {
  return fingerprintOf(labels, { train: [], validation: [], test: all(samples) });
}

function all(samples: Dataset<Sample>): Sample[] {
  return Array.from({ length: samples.length }, (_, i) => samples.get(i));
}

/** Metrics of plugins are among the numbers. */
function metricVersions({ metrics, versions }: Registries): Record<string, string> {
  return Object.fromEntries(
    metrics.list().flatMap(({ plugin, value: { kind, id } }) => {
      const version = versions.get(plugin);
      return plugin === '@headstart/core' ? [] : [[`metric ${kind}/${id}`, `${plugin} ${version}`]];
    }),
  );
}
