/**
 * The object with some members replaced, or taken away by `undefined`. It stays an instance of its class and has all other
 * members, those that only their maker knows among them; its methods run on the object itself, so that private fields
 * are found.
 */
export function withMembers<T extends object>(object: T, members: Partial<T>): T {
  const wrapped = Object.create(object) as T;
  for (const name of memberNames(object)) {
    Object.defineProperty(wrapped, name, { configurable: true, enumerable: true, get: () => memberOf(object, name) });
  }
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(wrapped, name, { configurable: true, enumerable: true, value });
  }
  return wrapped;
}

/** What an object and its classes define, `Object` apart. */
function memberNames(object: object): Set<PropertyKey> {
  const names = new Set<PropertyKey>();
  for (let at: object | null = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    for (const name of Reflect.ownKeys(at)) names.add(name);
  }
  names.delete('constructor');
  return names;
}

function memberOf(object: object, name: PropertyKey): unknown {
  const value: unknown = Reflect.get(object, name);
  return typeof value === 'function' ? (value.bind(object) as unknown) : value;
}
