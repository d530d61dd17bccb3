import type { LoadedModel, ModelInput } from '@headstart/core';

/** A picture of one white pixel, as PNG. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==',
  'base64',
);

const INPUTS: Readonly<Record<string, ModelInput>> = { text: 'a text', image: PIXEL };

/**
 * Has a model predict once before anyone asks: what it does for the first time takes several times as long, and holds the
 * event loop meanwhile. Says nothing where it cannot predict so small an input, nor for inputs that are neither pictures nor texts.
 */
export async function warmUp(model: Pick<LoadedModel, 'task' | 'predict'>): Promise<void> {
  const input = INPUTS[model.task.modality];
  if (input !== undefined) await model.predict([input]).catch(() => undefined);
}
