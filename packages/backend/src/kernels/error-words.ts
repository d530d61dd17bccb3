import { HeadstartError } from '@headstart/core';

/** Words one complaint of TensorFlow as TensorFlow.js does; any other comes back as it is. */
type Wording = (complaint: string) => string;

const usualWording: Wording = (complaint) =>
  complaint
    .replace(/^Ragged splits must be sorted$/, 'Ragged splits must be sorted in ascending order')
    .replace(
      /possibly because 'segment_ids' input is not sorted\.?$/,
      'possibly because segmentIds input is not sorted.',
    )
    .replace(/^(indices\(\d+, 0\) is invalid: -\d+) >= \d+$/, '$1 < 0');

/**
 * Runs an op whose inputs TensorFlow itself checks, and words its complaint as TensorFlow.js specifies
 * it: programs compare such messages. The error that names the op is its cause.
 */
export function inOwnWords<T>(work: () => T, wording: Wording = usualWording): T {
  try {
    return work();
  } catch (error) {
    if (!HeadstartError.is(error)) throw error;
    const complaint = /^TensorFlow failed in op \w+ \(status 3\): (?<words>.*)$/s.exec(error.message)?.groups?.words;
    if (complaint === undefined) throw error;
    throw new HeadstartError({
      code: error.code,
      message: wording(complaint),
      hint: 'Check the values of the tensors that reach this op.',
      cause: error,
    });
  }
}
