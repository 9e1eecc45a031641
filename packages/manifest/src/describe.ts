import * as v from 'valibot';
import { commonKeys } from './requirement.ts';
import { manifestSchema, sectionNames } from './schema.ts';
import { tools } from './tools/catalogue.ts';

/** One key that a manifest may have. */
export interface KeyDescription {
  /** Such as `tools.<name>.version` or `files[].path`. */
  key: string;
  /** What may be written, in words. */
  value: string;
  about: string;
}

/** The parts of a Valibot schema that this module reads. */
interface Parts {
  type: string;
  entries?: Record<string, v.GenericSchema>;
  value?: v.GenericSchema;
  item?: v.GenericSchema;
  options?: readonly unknown[];
  wrapped?: v.GenericSchema;
  literal?: unknown;
}

/** Lists the keys of the manifest in its order, without those that every requirement may have. */
export function describeManifest(): KeyDescription[] {
  const common = Object.keys(commonKeys);
  return describeKeys(manifestSchema).filter(({ key }) => {
    const [section = '', ...below] = key.split('.');
    const isCommon = below.some((step) => common.includes(step)) && section !== 'defaults';
    return !isCommon && !key.startsWith('when.') && sectionOf(section) !== undefined;
  });
}

/** Lists the keys that every requirement may have. */
export function commonKeyDescriptions(): KeyDescription[] {
  return describeKeys(v.strictObject(commonKeys)).filter(({ key }) => !key.includes('.'));
}

function sectionOf(name: string): string | undefined {
  const all: readonly string[] = [...Object.keys(manifestSchema.entries), ...sectionNames];
  return all.find((one) => one === name.replace('[]', ''));
}

/** One tool whose version this project knows how to read. */
export interface ToolDescription {
  names: readonly string[];
  /** The command that prints the version. */
  command: string;
  /** How its versions compare. */
  scheme: string;
}

/** Lists the tools of the catalogue by name. */
export function describeTools(): ToolDescription[] {
  return tools
    .map(({ names, arguments: given = ['--version'], scheme = 'semver' }) => ({
      ...{ names, command: [names[0], ...given].join(' '), scheme },
    }))
    .sort((one, other) => (one.command < other.command ? -1 : 1));
}

function describeKeys(schema: v.GenericSchema, path = ''): KeyDescription[] {
  const { type, entries, value, item, options, wrapped } = partsOf(schema);
  if (wrapped !== undefined) return describeKeys(wrapped, path);
  if (type === 'union') return (options as v.GenericSchema[]).flatMap((option) => describeKeys(option, path));
  if (item !== undefined) return describeKeys(item, `${path}[]`);
  if (value !== undefined) return keyAndBelow(`${path}.<name>`, value);
  return Object.entries(entries ?? {}).flatMap(([name, entry]) =>
    keyAndBelow(path === '' ? name : `${path}.${name}`, entry),
  );
}

function keyAndBelow(key: string, schema: v.GenericSchema): KeyDescription[] {
  return [{ key, value: describeValue(schema), about: aboutOf(schema) }, ...describeKeys(schema, key)];
}

function partsOf(schema: v.GenericSchema): Parts {
  return schema as unknown as Parts;
}

function aboutOf(schema: v.GenericSchema): string {
  const { wrapped } = partsOf(schema);
  return v.getDescription(schema) ?? (wrapped === undefined ? '' : aboutOf(wrapped));
}

interface Hint {
  jsonSchema?: {
    type?: string | readonly string[];
    examples?: readonly unknown[];
    anyOf?: Hint['jsonSchema'][];
  };
}

function describeValue(schema: v.GenericSchema): string {
  const { type, item, options, wrapped, literal } = partsOf(schema);
  if (wrapped !== undefined) return describeValue(wrapped);
  const examples = (v.getMetadata(schema) as Hint).jsonSchema?.examples;
  if (examples !== undefined) return `such as ${examples.map((value) => `\`${String(value)}\``).join(', ')}`;
  if (type === 'literal') return `\`${String(literal)}\``;
  if (type === 'picklist') return (options ?? []).map((option) => `\`${String(option)}\``).join(', ');
  if (item !== undefined) return `list of ${describeValue(item)}`;
  if (type === 'strict_object' || type === 'record') return 'map';
  if (type !== 'union')
    return { string: 'text', boolean: '`true`, `false`', number: 'number' }[type] ?? 'text';
  const kinds = [...new Set((options as v.GenericSchema[]).map(describeValue))];
  // A text is also accepted as the number or the boolean that YAML makes of it.
  return kinds.includes('text') && kinds.includes('number') ? 'text' : kinds.join(' or ');
}
