/** Gives what work comes to, perhaps what it came to before. @param key everything that it depends on, as JSON has it */
export type Memo = <T>(key: readonly unknown[], work: () => Promise<T>) => Promise<T>;

/** Works anew each time. */
export const forgetting: Memo = (_key, work) => work();

/** Keeps what work came to, except failures. */
export function remembering(): Memo {
  const kept = new Map<string, Promise<unknown>>();
  return <T>(key: readonly unknown[], work: () => Promise<T>) => {
    const name = JSON.stringify(key);
    const known = kept.get(name) as Promise<T> | undefined;
    if (known) return known;
    const made = work();
    kept.set(name, made);
    made.catch(() => kept.delete(name));
    return made;
  };
}
