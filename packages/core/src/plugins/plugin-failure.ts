import type { HeadstartError } from '@headstart/artifacts/errors';

/** A plugin that cannot be used, and why. */
export interface PluginFailure {
  readonly plugin: string;
  readonly error: HeadstartError;
}
