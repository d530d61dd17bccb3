/** A promise that is settled from elsewhere. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
  /** As another promise was settled. */
  settle(result: PromiseSettledResult<T>): void;
}

/** Whether anybody waits for it or not, its rejection ends no process. */
export function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  promise.catch(() => {});
  const settle = (result: PromiseSettledResult<T>) =>
    result.status === 'fulfilled' ? resolve(result.value) : reject(result.reason);
  return { promise, resolve, reject, settle };
}
