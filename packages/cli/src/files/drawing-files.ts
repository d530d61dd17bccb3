import { join, parse, resolve } from 'node:path';
import { usage } from '../failures.ts';

export const isPng = (file: string): boolean => /\.png$/i.test(file);

/** Checks what `--draw` names before anything is opened: a PNG, or a folder. @throws HeadstartError of wrong use */
export function checkDrawing(draw: string | undefined): void {
  if (draw === undefined || isPng(draw) || !/\.\w+$/.test(draw)) return;
  throw usage(
    `--draw writes PNGs, and ${draw} is named like another kind of file.`,
    'Name a file that ends in .png, or a folder.',
  );
}

/**
 * Where the drawing of each input goes: to the file, or under the input's own name into the folder.
 * @throws HeadstartError of wrong use where two would be one file, or an input would be overwritten
 */
export function drawingFiles(draw: string, inputs: readonly string[]): readonly string[] {
  if (isPng(draw) && inputs.length !== 1) {
    throw usage(
      `--draw ${draw} is one file and there are ${inputs.length} inputs.`,
      'Name a folder, and each is drawn under its own name.',
    );
  }
  const files = isPng(draw) ? [draw] : inputs.map((input) => join(draw, `${parse(input).name}.png`));
  const twice = files.findIndex((file, i) => files.indexOf(file) < i);
  if (twice >= 0) {
    throw usage(
      `${inputs[files.indexOf(files[twice]!)]} and ${inputs[twice]} would both be drawn in ${files[twice]}.`,
      'Predict them one after another, into two folders.',
    );
  }
  const given = new Set(inputs.map((input) => resolve(input)));
  const lost = files.find((file) => given.has(resolve(file)));
  if (lost === undefined) return files;
  throw usage(`The drawing would overwrite the input ${lost}.`, 'Name another file or folder.');
}
