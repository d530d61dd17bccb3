import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadstartError } from '@headstart/core';

/** Checks that a folder looks like a saved model before a backend is opened for it. @throws HeadstartError `model-invalid` */
export async function checkModel(directory: string): Promise<void> {
  const exists = (path: string) => stat(path).then(() => true, (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR');
  if (await exists(join(directory, 'model.json'))) return;
  const folder = await exists(directory);
  throw new HeadstartError({
    code: 'model-invalid',
    message: folder ? `${directory} is no saved model: it has no model.json.` : `There is no model folder ${directory}.`,
    hint: 'Give the folder that `headstart train` printed at its end.',
  });
}
