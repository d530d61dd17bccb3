import { checkLabelled } from '../inspection/check-labelled.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { SourceDomain } from '../domains/source-domain.ts';
import { adaptingTo } from '../domains/unlabelled.ts';
import type { WithDefaults } from '../options/transfer-options.ts';
import { named } from '../plugins/owner.ts';
import { defaultSource, defaultStrategy, strategyFor } from '../plugins/references.ts';
import type { TransferRequest } from '../runs/request.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import { augmentationOf } from './augmentation-of.ts';
import type { LearnedData, PlanServices } from './learned-data.ts';
import { checkStrict, lookOver } from './look-over.ts';
import { forgetting } from './memo.ts';
import { prepareTarget, viewOf } from './prepare-target.ts';
import { readUnlabelled } from './read-unlabelled.ts';
import { besideSourceClasses, checkKeeping, sourceLabels } from './retained-classes.ts';
import { balanced, splitPrepared } from './split-prepared.ts';

/** Reads labelled data, those to adapt to beside them, and splits them. */
export async function labelledData(
  services: PlanServices,
  request: WithDefaults<TransferRequest>,
  wanted: { readonly source?: SourceDomain; readonly strategy?: Strategy; readonly task?: Task },
): Promise<LearnedData> {
  if (request.keepClasses) checkKeeping(wanted.task, wanted.strategy);

  const { registries, artifacts, progress, memo = forgetting } = services;
  const { skipBad = false, readerOptions: options = {} } = request;
  const { read, data: prepared, cleaned, task } = await prepareTarget(services, request);
  checkLabelled(prepared);
  if (!request.keepClasses) task.check(prepared);
  const source = wanted.source ?? defaultSource(registries, task);
  if (source.modality !== task.modality) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `${named('source', source)}: it is for ${source.modality} data; the task "${task.id}" is about ${task.modality} data.`,
      hint: `Choose a source for ${task.modality} data: headstart sources.`,
    });
  }
  const adapting = request.adapt !== undefined;
  const strategy =
    request.strategy === undefined
      ? defaultStrategy(registries, task, { adapting })
      : strategyFor(registries, task, request.strategy);
  augmentationOf(task, strategy, request);
  if (request.keepClasses) checkKeeping(task, strategy);
  const { data, known } = request.keepClasses
    ? besideSourceClasses(
        prepared,
        source,
        await memo(['labels', source.id], () => sourceLabels(source, { artifacts, progress })),
      )
    : { data: prepared };
  if (known) task.check(data, { known });
  const labelled = splitPrepared(data, request);
  const { splits, grouping } = labelled;
  const looked = { data, splits, grouping, view: viewOf(task), source, clean: request.clean };
  const thorough = request.strict ?? false;
  const overlook = ['look over', read.location, labelled.fingerprint, source.id, request.clean, thorough, grouping];
  const { warnings } = await memo(overlook, () => lookOver(looked, { thorough, runtime: { artifacts, progress } }));
  if (request.strict) checkStrict(data, warnings);
  const adapted =
    request.adapt === undefined
      ? undefined
      : await readUnlabelled(
          services,
          request.adapt,
          { task, labels: data.labels, madeFor: read.origin.task },
          { skipBad, options, progress },
        );
  const target = adapted ? adaptingTo(labelled, adapted.data) : labelled;
  return {
    task,
    source,
    strategy,
    target,
    known,
    location: read.location,
    reader: read.reader,
    read: read.choice,
    adapted,
    unlabelled: adapted?.reading,
    warnings,
    passedOver: data.notes?.passedOver ?? [],
    cleaned: [...cleaned, ...balanced(labelled)],
  };
}
