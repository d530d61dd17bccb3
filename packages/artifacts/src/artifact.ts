/**
 * A file fetched by name: `npm:pkg@version/path`, `pypi:pkg@version/path`,
 * `hf:owner/repo@revision/path`, `https://…`, `file:…`.
 *
 * A branch or a tag of the hub stands for the commit that it had when one of its files was first fetched here: all files
 * are of that commit. To have a newer one, name it.
 *
 * A `pypi:` name may end in a query that chooses a wheel for one interpreter and platform, such as
 * `?python=3.11&abi=cp311&platform=manylinux_2_27_x86_64` (several platforms: comma-separated);
 * without it only pure wheels and source archives are taken. Versions are exact.
 */
export interface ArtifactRef {
  uri: string;
  /** SHA-256 of the file, lower-case hexadecimal. Checked on every fetch and on every reuse. */
  sha256?: string;
  /** Upper bound in bytes for what is fetched: the file, or the archive that carries it. */
  maxBytes?: number;
}

/** A whole package, or part of one. */
export interface PackageRef {
  /** `npm:pkg@version`, `pypi:pkg@version[?tags]`, or an archive at `https:` or `file:` (zip, tar, tar.gz). */
  uri: string;
  /** Pins the archive as the registry serves it: SHA-256, lower-case hexadecimal. */
  archiveSha256?: string;
  /** Upper bound for the archive in bytes; 2 GiB where not given. */
  maxBytes?: number;
  /** Upper bound for what comes out of the archive in bytes; 8 GiB where not given. */
  maxUnpackedBytes?: number;
  /** Files and folders, relative to the package root; everything where not given. */
  include?: readonly string[];
}

/** A file in the local cache (for `file:`, where it lies). */
export interface LocalArtifact {
  path: string;
  sha256: string;
  bytes: number;
  /** True where nothing had to be fetched. */
  cached: boolean;
  /** Of a file of the hub: the commit that it is of. */
  commit?: string;
}

/** A package's files unpacked in the local cache. */
export interface LocalPackage {
  /**
   * Folder with the package's files: for npm the content of `package/`, for a wheel its root, for
   * a source archive of Python the content of its single top folder.
   */
  path: string;
  /** SHA-256 of the archive that the files came from. */
  archiveSha256: string;
  /** True where nothing had to be fetched. */
  cached: boolean;
}

/**
 * Brings artifacts to this machine. Downloads are atomic and safe among processes; digests are
 * always checked; archives are unpacked without links and without leaving their folder.
 */
export interface Artifacts {
  /** The cache folder for what is made of artifacts and kept, such as pictures that were painted; `cacheRoot()` where absent. */
  readonly derived?: string;
  /** One file. @throws HeadstartError `artifact-*`, `archive-*`, `storage-*`, `invalid-option` */
  file(ref: ArtifactRef): Promise<LocalArtifact>;
  /** A package's files. @throws HeadstartError `artifact-*`, `archive-*`, `storage-*`, `invalid-option` */
  package(ref: PackageRef): Promise<LocalPackage>;
  /** The same, of which nothing is fetched: what is not in the cache is `artifact-unreachable`. Absent where that cannot be. */
  offline?(): Artifacts;
}
