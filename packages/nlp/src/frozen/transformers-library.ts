import { HeadstartError } from '@headstart/core';

/** A tensor as transformers.js gives it. */
interface LibraryTensor {
  readonly data: ArrayLike<number>;
  readonly dims: readonly number[];
}

/** What both transformers.js packages offer for the vectors of texts. */
export interface FeatureExtraction {
  (texts: string[], options: { pooling: 'mean' | 'cls'; normalize: boolean }): Promise<LibraryTensor>;
  dispose(): Promise<unknown>;
}

interface Environment {
  localModelPath: string;
  allowRemoteModels: boolean;
  allowLocalModels: boolean;
  cacheDir: string | null;
}

/** Either package as it is imported. */
export interface TransformersModule {
  readonly env: Environment;
  pipeline(task: 'feature-extraction', model: string, options: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** One of the two packages. Their options have different names. */
export interface TransformersLibrary {
  readonly name: (typeof TRANSFORMERS_PACKAGES)[number];
  readonly module: TransformersModule;
}

/** In order of preference: the successor first. */
export const TRANSFORMERS_PACKAGES = ['@huggingface/transformers', '@xenova/transformers'] as const;

/**
 * Imports the first of the packages that is installed.
 * @param names which to look for, in order
 * @param load stands in for `import` in tests
 * @throws HeadstartError `not-supported` where none is installed, or one is and cannot be loaded
 */
export async function loadTransformers(
  names: readonly TransformersLibrary['name'][] = TRANSFORMERS_PACKAGES,
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<TransformersLibrary> {
  for (const name of names) {
    try {
      return { name, module: (await load(name)) as TransformersModule };
    } catch (cause) {
      if (isAbsent(name, cause)) continue;
      throw new HeadstartError({
        code: 'not-supported',
        message: `${name} is installed but cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: `Install it again, or remove it in favour of ${TRANSFORMERS_PACKAGES.find((other) => other !== name)}.`,
        cause,
      });
    }
  }
  throw new HeadstartError({
    code: 'not-supported',
    message: `Sources of the form transformers:… run on transformers.js, and ${names.join(' or ')} is not installed.`,
    hint: `Install it: npm install ${names[0] ?? TRANSFORMERS_PACKAGES[0]}`,
  });
}

/** Whether the package itself was not found, rather than something that it needs. */
function isAbsent(name: string, error: unknown): boolean {
  const { code, message = '' } = error as { code?: string; message?: string };
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`);
}
