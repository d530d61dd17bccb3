import type { Registries } from './registries.ts';
import type { Registered, Registry } from './registry.ts';

/** A plugin as it was when it brought something. */
export interface PluginVersion {
  readonly plugin: string;
  readonly version: string;
}

/** The parts of a transfer, by what they are. */
export interface TransferParts {
  readonly task: string;
  readonly source: string;
  readonly strategy: string;
  /** The reader of a path, or the id of a registered data set. */
  readonly reader: string;
}

/** Which plugin brought each part of a transfer, in which version. What no plugin registered is left out. */
export function originsOf(registries: Registries, parts: TransferParts): Readonly<Record<string, PluginVersion>> {
  const { tasks, sources, schemes, strategies, readers, datasets } = registries;
  const found = {
    task: entryOf(tasks, parts.task),
    source: sources.entry(parts.source) ?? entryOf(schemes, parts.source),
    strategy: entryOf(strategies, parts.strategy),
    reader: readers.entry(parts.reader) ?? datasets.entry(parts.reader),
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([part, entry]) => {
      const version = entry && registries.versions.get(entry.plugin);
      return entry && version !== undefined ? [[part, { plugin: entry.plugin, version }]] : [];
    }),
  );
}

/** An entry by its name, or by a name with options or an address after a colon. */
function entryOf<T>(registry: Registry<T>, id: string): Registered<T> | undefined {
  return registry.entry(id) ?? registry.entry(id.split(':', 1)[0]!);
}
