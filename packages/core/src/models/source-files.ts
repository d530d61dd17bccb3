import type { Artifacts } from '@headstart/artifacts';
import type { SourceDomain } from '../domains/source-domain.ts';
import { withMembers } from '../network/with-members.ts';

/** A file, or a package's archive, that a source was opened from. */
export interface SourceFile {
  /** As it can be fetched again: of the hub's files by their commit. */
  readonly uri: string;
  /** SHA-256 */
  readonly sha256: string;
}

/** Artifacts that note what is taken of them. */
export class NotedArtifacts {
  readonly artifacts: Artifacts;
  readonly #taken = new Map<string, SourceFile>();

  constructor(artifacts: Artifacts) {
    this.artifacts = withMembers(artifacts, {
      file: async (ref) => {
        const found = await artifacts.file(ref);
        this.#note({ uri: atCommit(ref.uri, found.commit), sha256: found.sha256 });
        return found;
      },
      package: async (ref) => {
        const found = await artifacts.package(ref);
        this.#note({ uri: ref.uri, sha256: found.archiveSha256 });
        return found;
      },
    });
  }

  #note(file: SourceFile): void {
    this.#taken.set(file.uri, file);
  }

  /** What a source was opened from: what was taken, or the files that its card names where it took none. */
  filesOf({ card }: SourceDomain): SourceFile[] {
    if (this.#taken.size > 0) return [...this.#taken.values()];
    return card.files.flatMap(({ uri, sha256 }) => (sha256 === undefined ? [] : [{ uri, sha256 }]));
  }
}

/** `hf:owner/repo@revision/path` by the commit that the revision stood for. */
function atCommit(uri: string, commit: string | undefined): string {
  return commit === undefined ? uri : uri.replace(/^(hf:[^@]+@)[^/]+/, `$1${commit}`);
}
