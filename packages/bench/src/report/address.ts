/** What the part of the page's address after `#` says: `cell-<key>`, then `?` and what the filters are set to. */
export interface Address {
  /** The cell that is open, as its key. */
  readonly cell?: string;
  /** Absent where the address says nothing of filters. */
  readonly filters?: URLSearchParams;
}

const CELL = 'cell-';

/** @param hash as `location.hash` */
export function readAddress(hash: string): Address {
  const [place = '', filters] = hash.replace(/^#/, '').split('?', 2);
  return {
    ...(place.startsWith(CELL) && { cell: place }),
    ...(filters !== undefined && { filters: new URLSearchParams(filters) }),
  };
}

/** @returns as `location.hash`; empty where there is nothing to say */
export function addressOf({ cell = '', filters }: Address): string {
  const query = filters?.toString() ?? '';
  return cell || query ? `#${cell}${query && `?${query}`}` : '';
}
