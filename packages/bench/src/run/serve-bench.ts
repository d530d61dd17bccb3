import type { Headstart } from '@headstart/core';
import { FolderStore } from '../records/folder-store.ts';
import { folderClaims } from './folder-claims.ts';
import { serveUnits } from './serve-units.ts';
import { SessionHand } from './session-hand.ts';

/** What a worker process of a benchmark does: the cells that its parent hands over, until that goes away. @param dir the benchmark's folder */
export function serveBench(headstart: Headstart, dir: string): Promise<void> {
  const hand = new SessionHand({
    session: headstart.trials(),
    store: new FolderStore(dir),
    claims: folderClaims(dir),
  });
  return serveUnits(process, hand);
}
