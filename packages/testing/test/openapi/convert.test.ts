import { describe, expect, it } from 'vitest';
import { buildSlice, convertSchema, type Json } from '../../openapi/convert.ts';
import { differences } from '../../openapi/differences.ts';

describe('convertSchema', () => {
  it.each<[string, Json, Json]>([
    ['nullable becomes a type', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      'nullable adds null to an enumeration',
      { type: 'string', nullable: true, enum: ['a'] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      'nullable next to oneOf becomes anyOf',
      { nullable: true, oneOf: [{ $ref: '#/a' }] },
      { anyOf: [{ oneOf: [{ $ref: '#/a' }] }, { type: 'null' }] },
    ],
    [
      'prose and extensions are removed',
      { type: 'object', description: 'A', example: { a: 1 }, 'x-github': {} },
      { type: 'object' },
    ],
    [
      'properties with the names of prose keywords are kept',
      { properties: { description: { type: 'string', title: 'T' } } },
      { properties: { description: { type: 'string' } } },
    ],
  ])('converts a schema of OpenAPI 3.0 to JSON Schema: %s', (_, schema, converted) => {
    expect(convertSchema(schema)).toEqual(converted);
  });
});

describe('buildSlice', () => {
  const description = (type: string): Json => ({
    paths: {
      '/a': {
        get: {
          parameters: [{ $ref: '#/components/parameters/page' }],
          responses: {
            200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/a' } } } },
          },
        },
      },
    },
    components: {
      parameters: { page: { name: 'page', in: 'query', schema: { type: 'integer' } } },
      schemas: { a: { items: { $ref: '#/components/schemas/b' } }, b: { type }, unused: {} },
    },
  });
  const get = (edition: 'api.github.com' | 'ghec', path = '/a') =>
    ({ edition, method: 'get', path }) as const;
  const both = { 'api.github.com': description('string'), ghec: description('number') };

  it('keeps the operation and only the schemas that it needs', () => {
    const slice = buildSlice(both, [get('ghec')], '1.0.0');
    expect(slice.components.schemas).toEqual({
      a: { items: { $ref: '#/components/schemas/b' } },
      b: { type: 'number' },
    });
    expect(slice.paths['/a']?.get).toMatchObject({
      parameters: [{ name: 'page', in: 'query', required: false }],
    });
  });

  it('throws if an operation is missing, or if two descriptions have different schemas with the same name', () => {
    expect(() => buildSlice(both, [get('ghec', '/b')], '1.0.0')).toThrow(
      'ghec 1.0.0 has no operation get /b',
    );
    const twice = [get('api.github.com'), get('ghec')];
    expect(() => buildSlice(both, twice, '1.0.0')).toThrow('have different schemas b');
  });
});

describe('differences', () => {
  it('reports the place and both values of each difference', () => {
    expect(differences({ '/a': [1, { b: 2 }], c: 3 }, { '/a': [1, { b: 4 }], d: null })).toEqual([
      '#/~1a/1/b: committed 2, generated 4',
      '#/c: committed 3, generated nothing',
      '#/d: committed nothing, generated null',
    ]);
  });

  it('reports nothing for equal values', () => {
    expect(differences({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
  });
});
