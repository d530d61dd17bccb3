import type { ClassFolderKind } from '../folders/class-folder-kind.ts';
import { annotationFolders } from './annotation-folders.ts';
import { isSideFile, namesImage } from './file-kinds.ts';
import { beginsAsPicture } from './picture-beginning.ts';

/** Pictures in folders, as every reader of such folders takes them: by their names, and those without an ending by how they begin. */
export const PICTURES: ClassFolderKind = {
  one: 'picture',
  many: 'pictures',
  names: namesImage,
  begins: beginsAsPicture,
  passOver: isSideFile,
  annotations: annotationFolders,
};
