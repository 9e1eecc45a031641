import { describe, expect, it } from 'vitest';
import type { Image } from '@runner-actions/host';
import { chooseImages, describeImage, formatAge, type ImageFacts } from '../../src/items/images.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-27T10:00:00Z');
const facts: ImageFacts = { now, began: now - 3_600_000, alone: false, maxAge: 14 * day };
const id = (digit: number): string => `sha256:${String(digit).repeat(64)}`;
const image = (digit: number, days: number, fields: Partial<Image> = {}): Image => ({
  ...{
    id: id(digit),
    tags: [`app:${digit}`],
    digests: [],
    created: now - days * day,
    bytes: 2048,
    ...fields,
  },
});
const unnamed = { tags: [], digests: [] };
const chosen = (images: Image[], used: string[] = [], more: Partial<ImageFacts> = {}): string[] =>
  chooseImages(images, new Set(used), { ...facts, ...more }).map((choice) => choice.image.id);

describe('images', () => {
  it('come in the order in which they are easy to get again, and then by age', () => {
    const pulled = { digests: ['app@sha256:1'] };
    const images = [
      image(1, 20),
      image(2, 30),
      image(3, 15, pulled),
      image(4, 90, pulled),
      image(5, 2, unnamed),
    ];
    expect(chosen(images)).toEqual([id(5), id(4), id(3), id(2), id(1)]);
  });

  it.each<[string, string[]]>([
    ['a container uses it', chosen([image(1, 90)], [id(1)])],
    ['a container uses it, and it has no name', chosen([image(1, 90, unnamed)], [id(1)])],
    ['it is not old', chosen([image(1, 13)])],
    ['its age is unknown', chosen([image(1, 0, { created: undefined })])],
    ['it has several names', chosen([image(1, 90, { tags: ['app:1', 'host:5000/app:1'] })])],
    ['a build of another runner may need it', chosen([image(1, 0.5, unnamed)])],
    ['this job has built it', chosen([image(1, 0, unnamed)], [], { alone: true })],
    [
      'it was pulled by its digest and is not old',
      chosen([image(1, 3, { ...unnamed, digests: ['app@sha256:1'] })]),
    ],
  ])('stay if %s', (_why, ids) => expect(ids).toEqual([]));

  it('without a name go at once on a machine with one runner', () => {
    expect(chosen([image(1, 0.5, unnamed)], [], { alone: true })).toEqual([id(1)]);
  });

  it('go if they have several tags of one name', () => {
    expect(chosen([image(1, 90, { tags: ['host:5000/app:1', 'host:5000/app:2'] })])).toEqual([id(1)]);
  });

  it('are described by name, id, size and age', () => {
    const odd = image(1, 90, { tags: ['a\n::error::b'] });
    expect(describeImage({ image: odd, kind: 'built' }, facts)).toEqual({
      what: "'a\\n::error::b' 111111111111 2.0 KiB",
      why: 'it is older than 14 days, and no container uses it',
    });
    const dangling = describeImage({ image: image(2, 90, unnamed), kind: 'dangling' }, facts);
    expect(dangling).toEqual({
      what: '222222222222 2.0 KiB',
      why: 'it has no name, and no container uses it',
    });
  });
});

it.each([
  [14 * day, '14 days'],
  [day, '24 h 0 min'],
  [2.5 * day, '60 h 0 min'],
])('formats the age %d', (milliseconds, text) => expect(formatAge(milliseconds)).toBe(text));
