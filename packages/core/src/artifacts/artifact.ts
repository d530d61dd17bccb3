/**
 * A file fetched by name: `npm:pkg@version/path`, `pypi:pkg@version/path`,
 * `hf:owner/repo@revision/path`, `https://…`, `file:…`.
 */
export interface ArtifactRef {
  uri: string;
  /** SHA-256 of the file, lower-case hexadecimal. Checked on every fetch and on every reuse. */
  sha256?: string;
  /** Upper bound for the file's size in bytes; a larger one is refused. */
  maxBytes?: number;
}

/** A file or folder in the local cache. */
export interface LocalArtifact {
  path: string;
  sha256: string;
  bytes: number;
  /** True where nothing had to be fetched. */
  cached: boolean;
}

/** A package's files unpacked in the local cache (`npm:pkg@version` or `pypi:pkg@version`). */
export interface LocalPackage {
  /** Folder with the package's files: for npm the content of `package/`, for a wheel its root. */
  path: string;
  cached: boolean;
}

/**
 * Brings artifacts to this machine. Downloads are atomic and safe among processes; digests are
 * always checked; archives are unpacked without links and without leaving their folder.
 */
export interface Artifacts {
  /** One file. @throws HeadstartError `artifact-*`, `archive-unsafe`, `storage-*` */
  file(ref: ArtifactRef): Promise<LocalArtifact>;
  /**
   * A whole package, or the part of it under the given prefixes (relative to the package root).
   * `archiveSha256` pins the archive as the registry serves it.
   */
  package(ref: { uri: string; archiveSha256?: string; maxBytes?: number; include?: readonly string[] }): Promise<LocalPackage>;
}
