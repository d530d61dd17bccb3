import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadstartError, nearestName } from '@headstart/artifacts/errors';
import type { Headstart, LoadedModel, LoadOptions } from '@headstart/core';
import { withHeadstart, withRegistries, type CommandHost } from './command-host.ts';
import type { BackendChoice } from './options/backend-options.ts';

/**
 * Runs work on a model and disposes of it: a saved one by its folder, or a source that predicts as it is by its id.
 * @throws HeadstartError `model-invalid` before a backend is opened, where the name is neither
 */
export async function withModel<T>(
  host: CommandHost,
  name: string,
  choice: BackendChoice & LoadOptions,
  work: (model: LoadedModel) => Promise<T>,
): Promise<T> {
  const saved = await isSaved(host, name);
  return withHeadstart(host, choice, async (headstart) => {
    const { taskOptions, decision, inference } = choice;
    const options = { taskOptions, decision, ...(inference && { inference }) };
    const model = saved ? await headstart.load(name, options) : await headstart.pretrained(name, options);
    try {
      return await work(model);
    } finally {
      model.dispose();
    }
  });
}

async function isSaved(host: CommandHost, name: string): Promise<boolean> {
  if (await exists(join(name, 'model.json'))) return true;
  const folder = await exists(name);
  await withRegistries(host, async (headstart) => {
    const sources = sourceNames(headstart);
    if (!sources.some((each) => each === name || (each.endsWith(':') && name.startsWith(each))))
      throw await noModel(headstart, name, folder, sources);
  });
  return false;
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );

/** Ids, and schemes with their colon. */
function sourceNames(headstart: Headstart): string[] {
  return [
    ...headstart.sources().map(({ value }) => value.id),
    ...headstart.sourceSchemes().map(({ value }) => `${value.scheme}:`),
  ];
}

async function noModel(
  headstart: Headstart,
  name: string,
  folder: boolean,
  sources: readonly string[],
): Promise<HeadstartError> {
  const { offerOf, unknownPart } = await import('@headstart/core/manifest');
  if (!folder && offerOf(headstart.offers(), 'sources', name))
    return unknownPart('source', name, sources, headstart.offers());
  const nearest = folder ? undefined : nearestName(name, sources);
  return new HeadstartError({
    code: 'model-invalid',
    message: folder
      ? `${name} is not a saved model: it has no model.json.`
      : `There is no model folder ${name}, and no source of that name.`,
    hint: `${nearest ? `Did you mean the source "${nearest}"? ` : ''}Give the folder that \`headstart train\` printed at its end, or a source with labels of its own, such as nanodet-coco.`,
  });
}
