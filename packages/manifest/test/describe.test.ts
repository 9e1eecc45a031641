import { describe, expect, it } from 'vitest';
import { commonKeyDescriptions, describeManifest, describeTools } from '@runner-actions/manifest';

describe('the keys of the manifest', () => {
  it('have a text that says what each is about', () => {
    const silent = [...describeManifest(), ...commonKeyDescriptions()].filter(({ about }) => about === '');
    expect(silent.map(({ key }) => key)).toEqual([]);
  });

  it('have a value in words', () => {
    const silent = [...describeManifest(), ...commonKeyDescriptions()].filter(({ value }) => value === '');
    expect(silent.map(({ key }) => key)).toEqual([]);
  });

  it('contain those of maps, lists and forms, each once', () => {
    const keys = describeManifest().map(({ key }) => key);
    const some = ['tools.<name>.any-of', 'files[].sha256', 'on-failure.runs-on.group', 'gpu.cuda.driver'];
    expect(keys).toEqual(expect.arrayContaining(some));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('contain what every requirement may have only as a list of its own', () => {
    expect(describeManifest().map(({ key }) => key)).not.toContain('tools.<name>.severity');
    expect(commonKeyDescriptions().map(({ key }) => key)).toEqual(['severity', 'when', 'timeout']);
  });
});

it('names each tool once', () => {
  const names = describeTools().flatMap(({ names }) => names);
  expect(new Set(names).size).toBe(names.length);
});
