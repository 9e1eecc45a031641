/** Type names of the values at each path of a JSON value. All items of a list share one path: `runs[].id`. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** Returns the shape of a value: keys and types, no values. */
export function shapeOf(value: unknown): Shape {
  const shape = new Map<string, Set<string>>();
  addShape(value, '', shape);
  return shape;
}

function addShape(value: unknown, path: string, shape: Map<string, Set<string>>): void {
  shape.set(path, (shape.get(path) ?? new Set()).add(typeName(value)));
  if (Array.isArray(value)) for (const item of value) addShape(item, `${path}[]`, shape);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) addShape(inner, join(path, key), shape);
}

/** Returns the name of the type of a JSON value; `undefined` if there is none. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** Returns the path of the object or the list that holds a path. */
export function parentOf(path: string): string {
  return path.endsWith('[]') ? path.slice(0, -2) : path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

/**
 * Wraps a JSON value, and adds to `read` the path of each key that is read from it.
 * @returns a value that behaves like the given one
 */
export function watchReads<Value>(value: Value, read: Set<string>, path = ''): Value {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key, receiver) {
      const inner: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol' || (Array.isArray(target) && !/^\d+$/.test(key))) return inner;
      const place = Array.isArray(target) ? `${path}[]` : join(path, key);
      read.add(place);
      return watchReads(inner, read, place);
    },
  });
}
