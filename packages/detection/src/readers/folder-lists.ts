import { isLeftover, listFolder, type Entry } from '@headstart/core/readers';

/** A folder's entries, by their names as they are and as they are compared. */
interface Listing {
  readonly entries: readonly Entry[];
  readonly exact: ReadonlyMap<string, Entry>;
  readonly folded: ReadonlyMap<string, Entry>;
}

/** A name without regard to case, and to how accents are composed. */
const folded = (name: string) => name.normalize('NFC').toLowerCase();

/** Folders' entries by their names, as they are or else in any case; each folder is listed once. */
export class FolderLists {
  readonly #listings = new Map<string, Promise<Listing>>();

  /** The file of that name in a folder. */
  file(folder: string, name: string): Promise<string | undefined> {
    return this.#find(folder, name, false);
  }

  /** The folder of that name in a folder. */
  folder(folder: string, name: string): Promise<string | undefined> {
    return this.#find(folder, name, true);
  }

  /** All entries of a folder; none where it cannot be listed. */
  async entries(folder: string): Promise<readonly Entry[]> {
    return (await this.#list(folder)).entries;
  }

  async #find(folder: string, name: string, asFolder: boolean): Promise<string | undefined> {
    const listing = await this.#list(folder);
    const entry = listing.exact.get(name) ?? listing.folded.get(folded(name));
    return entry?.folder === asFolder ? entry.path : undefined;
  }

  #list(folder: string): Promise<Listing> {
    let listing = this.#listings.get(folder);
    if (!listing) this.#listings.set(folder, (listing = list(folder)));
    return listing;
  }
}

async function list(folder: string): Promise<Listing> {
  const entries = await listFolder(folder, isLeftover).catch(() => []);
  return {
    entries,
    exact: new Map(entries.map((entry) => [entry.name, entry])),
    folded: new Map(entries.map((entry) => [folded(entry.name), entry])),
  };
}
