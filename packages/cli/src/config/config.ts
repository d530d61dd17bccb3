import type { Plugin } from '@headstart/core';

/**
 * A plugin in a configuration: what calling it gives (`vision()`, with its options typed), the name of its package, or the
 * name with options.
 */
export type PluginEntry = Plugin | string | readonly [name: string, options?: unknown];

/** What commands compute with where no flag says otherwise. */
export interface ConfigDefaults {
  /** As `--backend`; the environment's `HEADSTART_BACKEND` goes before it. */
  readonly backend?: string;
  /** As `--device`. */
  readonly device?: 'gpu' | 'cpu' | 'auto';
  /** As `--threads`. */
  readonly threads?: number;
  /** As `--memory-limit`: bytes, or a size such as `4GiB`. */
  readonly memoryLimit?: number | string;
}

/** What `headstart.config.ts` exports. */
export interface HeadstartConfig {
  /** The plugins to use, and no others. The domain packages that are installed, where absent. */
  readonly plugins?: readonly PluginEntry[];
  readonly defaults?: ConfigDefaults;
}

/** Gives a configuration its types: `export default defineConfig({ plugins: [vision()] })`. */
export function defineConfig(config: HeadstartConfig): HeadstartConfig {
  return config;
}
