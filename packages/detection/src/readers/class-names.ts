import { readLines } from '@headstart/core/readers';
import { checkNames } from './yolo-settings.ts';

/** Files with a class name on each line, as labelling tools call them. */
export const isNamesFile = (name: string) => /^(classes|predefined_classes|class_names)\.txt$|\.names$/i.test(name);

/**
 * The class names in such a file, its last lines may be empty.
 * @throws HeadstartError `target-unreadable`, `label-invalid`
 */
export async function readClassNames(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { text } of readLines(path)) names.push(text.trim());
  while (names.at(-1) === '') names.pop();
  checkNames(path, names);
  return names;
}
