import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import koffi, { type LibraryHandle } from 'koffi';

/** The least level of messages that TensorFlow prints: 0 information, 1 warnings, 2 errors. */
function leastLevel(): number {
  const level = Number(process.env.TF_CPP_MIN_LOG_LEVEL);
  return Number.isInteger(level) ? level : 0;
}

/**
 * Opens the framework library without the information lines that it prints while it loads, before
 * any level can be set: the process's standard error points nowhere for that one call, unless
 * TF_CPP_MIN_LOG_LEVEL asks for everything. A failure to load arrives as an exception regardless.
 */
export function loadQuietly(path: string): LibraryHandle {
  if (leastLevel() === 0) return koffi.load(path, { global: true });
  const c = koffi.load(null);
  const dup = c.func('dup', 'int', ['int']);
  const dup2 = c.func('dup2', 'int', ['int', 'int']);
  const nowhere = openSync(devNull, 'w');
  const stderr = dup(2) as number;
  if (stderr >= 0) dup2(nowhere, 2);
  try {
    const library = koffi.load(path, { global: true });
    setLogLevel(library, leastLevel());
    return library;
  } finally {
    if (stderr >= 0) {
      dup2(stderr, 2);
      closeSync(stderr);
    }
    closeSync(nowhere);
  }
}

/**
 * Leaves out error lines, too, for a library that computes on the CPU. There every failure arrives as a status; what
 * is printed besides tells of kernels that were not taken (whole numbers that oneDNN cannot transpose here).
 */
export function silence(framework: LibraryHandle): void {
  setLogLevel(framework, FATAL);
}

const FATAL = 3;

/** TensorFlow 2.21 logs through Abseil, whose least level only its C++ function sets. */
const SET_MIN_LOG_LEVEL = '_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE';

/** A library that lacks the function is only more talkative. */
function setLogLevel(framework: LibraryHandle, level: number): void {
  let setMinLogLevel: (level: number) => void;
  try {
    setMinLogLevel = framework.func(SET_MIN_LOG_LEVEL, 'void', ['int']);
  } catch {
    return;
  }
  setMinLogLevel(level);
}
