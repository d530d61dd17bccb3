import type { SourceDomain } from '../../domains/source-domain.ts';
import type { Backbone } from '../../network/backbone.ts';
import { withMembers } from '../../network/with-members.ts';

/** A source for one trial. */
export interface LeasedSource {
  readonly source: SourceDomain;
  /** Says that the trial left the source's values as they were: what it opened may serve the next one. */
  unaltered(): void;
}

/** Keeps the published backbone that was used last open, where it is as it was opened. */
export class OpenSources {
  #idle: { readonly id: string; readonly backbone: Backbone } | undefined;

  lease(source: SourceDomain): LeasedSource {
    let altered = true;
    const open: SourceDomain['open'] = async (runtime, options) => {
      if (options.weights === 'none') return source.open(runtime, options);
      const backbone = this.#take(source.id) ?? (await source.open(runtime, options));
      return withMembers(backbone, { dispose: () => (altered ? backbone.dispose() : this.#keep(source.id, backbone)) });
    };
    return { source: withMembers(source, { open }), unaltered: () => void (altered = false) };
  }

  close(): void {
    this.#idle?.backbone.dispose();
    this.#idle = undefined;
  }

  #take(id: string): Backbone | undefined {
    if (this.#idle?.id !== id) return undefined;
    const { backbone } = this.#idle;
    this.#idle = undefined;
    return backbone;
  }

  #keep(id: string, backbone: Backbone): void {
    this.close();
    this.#idle = { id, backbone };
  }
}
