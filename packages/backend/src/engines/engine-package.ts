import { HeadstartError } from '@headstart/core';
import { version_core } from '@tensorflow/tfjs-core';

/**
 * Imports a package of TensorFlow.js that an engine is, and that users install who want this engine.
 * @param load imports it by its name, written out, so that bundlers see it
 * @param install what npm is to install, where it is more than this package in TensorFlow.js's own version
 * @throws HeadstartError `backend-unavailable` where it is not installed
 */
export async function enginePackage<T>(
  name: string,
  load: () => Promise<T>,
  install = `${name}@${version_core}`,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: `${name} is not installed, which this engine is (npm install ${install}).`,
      hint: 'Install it, or prefer libtensorflow (`headstart backend install`), which is faster.',
      cause,
    });
  }
}

/** Whether it is this package that is not there, rather than one that it needs: Node, and Yarn's Plug'n'Play, name it first. */
function isMissing(cause: unknown, name: string): boolean {
  const { code, message } = cause as NodeJS.ErrnoException;
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? '') && message.split('\n', 1)[0]!.includes(name);
}
