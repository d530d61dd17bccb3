import type { PassOver } from './walk.ts';

/** What lies in the class folders of a layout. */
export interface ClassFolderKind {
  /** One of them and several, as messages say it: "picture", "pictures". */
  readonly one: string;
  readonly many: string;
  /** Whether a name ends like one of them. */
  readonly names: (name: string) => boolean;
  /** Whether a file whose name has no ending begins like one of them. */
  readonly begins?: (path: string) => Promise<boolean>;
  /** What is passed over wherever it lies. */
  readonly passOver: PassOver;
  /** Which of the folders beside one another hold annotations, and are neither classes nor splits, by their names. */
  readonly annotations?: (names: readonly string[]) => readonly string[];
}

/** "1 picture", "2 pictures". */
export function counted(count: number, { one, many }: Pick<ClassFolderKind, 'one' | 'many'>): string {
  return `${count} ${count === 1 ? one : many}`;
}
