import { ownValue } from '@runner-actions/core';

/** The parts of a Valibot schema that can contain other schemas. */
interface Holder {
  type: string;
  entries?: Record<string, Holder>;
  value?: Holder;
  item?: Holder;
  options?: readonly Holder[];
  wrapped?: Holder;
}

/** Returns the keys that `schema` allows in the map at `path`. For a union it returns the keys of all options. */
export function keysAt(schema: unknown, path: readonly (string | number)[]): string[] {
  let holders = unwrap(schema as Holder);
  for (const step of path) {
    holders = holders.flatMap((holder) => {
      const next =
        ownValue(holder.entries ?? {}, String(step)) ??
        (holder.type === 'record' ? holder.value : holder.item);
      return next === undefined ? [] : unwrap(next);
    });
  }
  return [...new Set(holders.flatMap((holder) => Object.keys(holder.entries ?? {})))];
}

function unwrap(schema: Holder): Holder[] {
  if (schema.wrapped !== undefined) return unwrap(schema.wrapped);
  const nested = schema.type === 'union' || schema.type === 'variant' ? schema.options : undefined;
  return nested === undefined ? [schema] : nested.flatMap(unwrap);
}
