import { HeadstartError } from '@headstart/artifacts/errors';

/** In place of what a fake does not do. @throws HeadstartError `internal` */
export function unused(): never {
  throw new HeadstartError({ code: 'internal', message: 'The fake does not do this.', hint: 'Use the real system.' });
}
