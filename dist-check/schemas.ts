// Generates the published JSON Schemas and the reference tables in docs from the schemas in the code.
// `npm run docs` writes them; `npm run docs:check` fails when they are stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type * as v from 'valibot';
import { toJsonSchema } from '@valibot/to-json-schema';
import { webhookSchema } from '@runner-actions/alerts/webhook-schema';
import { fileSchema } from '@runner-actions/config';
import { manifestSchema } from '@runner-actions/manifest';
import { reportSchema as validation } from '../actions/validate-preinstalled/src/report-schema.ts';
import { reportSchema as selection } from '../actions/select-runner/src/report/schema.ts';
import { root } from './actions.ts';
import { manifestPages } from './manifest-pages.ts';
import { pricePages } from './price-page.ts';

interface Schema {
  description?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  examples?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

/** Converts a schema of the code to the JSON Schema that is published. */
function publishedSchema(name: string, title: string, schema: v.GenericSchema): Schema {
  const made = applyJsonSchemaEntries(toJsonSchema(schema, { errorMode: 'ignore' })) as Schema;
  const $id = `https://github.com/org/runner-actions/docs/schema/${name}.schema.json`;
  return { ...made, ...{ $id, title } };
}

/**
 * Applies the `jsonSchema` entries in a converted schema. Values that the code parses have such an entry in their
 * metadata, with the rules that an editor can check. The converter copies it unchanged.
 */
function applyJsonSchemaEntries(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(applyJsonSchemaEntries);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { jsonSchema, ...rest } = schema as Record<string, unknown>;
  if (typeof jsonSchema === 'object') return { ...jsonSchema, ...rest };
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, applyJsonSchemaEntries(value)]));
}

/** Returns one table row per key. Nested keys are written with their path, such as `pools.<name>.labels`. */
function rows(schema: Schema, path: string): string[][] {
  const { properties, additionalProperties } = withoutNull(schema);
  const own = Object.entries(properties ?? {}).filter(([name]) => path !== '' || name !== 'environments');
  const children = own.map(([name, child]) => [path === '' ? name : `${path}.${name}`, child] as const);
  if (typeof additionalProperties === 'object') children.push([`${path}.<name>`, additionalProperties]);
  return children.flatMap(([name, child]) => [
    [`\`${name}\``, kindOf(withoutNull(child)), describe(child)],
    ...rows(child, name),
  ]);
}

function describe(child: Schema): string {
  return (child.description ?? withoutNull(child).description ?? '').replaceAll('|', '\\|');
}

/** Removes the alternative `null` from a schema. Every key accepts it, to delete an inherited value. */
function withoutNull(schema: Schema): Schema {
  const rest = schema.anyOf?.filter(({ type }) => type !== 'null');
  if (rest?.length !== 1 || rest[0] === undefined) return schema;
  const { anyOf: _, ...outer } = schema;
  return { ...outer, ...rest[0] };
}

function kindOf(schema: Schema): string {
  const { anyOf, enum: values, const: only, items, examples, type, minimum, maximum } = schema;
  if (only !== undefined) return `\`${String(only)}\``;
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (examples !== undefined) return `such as ${examples.map((value) => `\`${String(value)}\``).join(', ')}`;
  if (schema.properties !== undefined || typeof schema.additionalProperties === 'object') return 'map';
  if (anyOf !== undefined) return [...new Set(anyOf.map((one) => kindOf(withoutNull(one))))].join(' or ');
  if (items !== undefined) return `list of ${kindOf(withoutNull(items))}`;
  if (minimum !== undefined)
    return `${type === 'integer' ? 'whole number' : 'number'}, ${minimum} to ${maximum}`;
  return [type ?? []].flat().includes('string') ? 'text' : [type ?? 'anything'].flat().join(' or ');
}

const page = join(root, 'docs', 'runner-config-keys.md');
const [start, end] = ['<!-- reference -->', '<!-- /reference -->'];

function withReference(text: string, schema: Schema): string {
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page}: the markers ${start} and ${end} are missing`);
  const head = ['key', 'value', 'what it is'];
  const table = [head, head.map(() => '---'), ...rows(schema, '')].map((cells) => `| ${cells.join(' | ')} |`);
  return `${text.slice(0, from + start.length)}\n\n${table.join('\n')}\n\n${text.slice(to)}`;
}

/** Writes all files, or, with `check`, only compares them. @returns the stale files, as messages */
export function updateSchemas(check: boolean): string[] {
  const config = publishedSchema('runner-config', 'runner-config.yml of Runner Actions', fileSchema);
  const manifest = publishedSchema(
    'runner-requirements',
    'runner-requirements.yml of Runner Actions',
    manifestSchema,
  );
  const report = publishedSchema('select-runner-report', 'The report of select-runner', selection);
  const validated = publishedSchema(
    'validate-preinstalled-report',
    'The report of validate-preinstalled',
    validation,
  );
  const webhook = publishedSchema('alert-webhook', 'What the webhook of alerts gets', webhookSchema);
  const fresh: [string, string][] = [
    [schemaPath('runner-config'), `${JSON.stringify(config, undefined, 2)}\n`],
    [schemaPath('runner-requirements'), `${JSON.stringify(manifest, undefined, 2)}\n`],
    [schemaPath('validate-preinstalled-report'), `${JSON.stringify(validated, undefined, 2)}\n`],
    [schemaPath('select-runner-report'), `${JSON.stringify(report, undefined, 2)}\n`],
    [schemaPath('alert-webhook'), `${JSON.stringify(webhook, undefined, 2)}\n`],
    [page, withReference(readFileSync(page, 'utf8'), config)],
    ...manifestPages(),
    ...pricePages(),
  ];
  return fresh.flatMap(([path, content]) => {
    if (existsSync(path) && readFileSync(path, 'utf8') === content) return [];
    if (check) return [`${relative(root, path)} is stale: run \`npm run docs\``];
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return [];
  });
}

function schemaPath(name: string): string {
  return join(root, 'docs', 'schema', `${name}.schema.json`);
}

if (process.argv[1] === import.meta.filename) {
  const problems = updateSchemas(process.argv.includes('--check'));
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
}
