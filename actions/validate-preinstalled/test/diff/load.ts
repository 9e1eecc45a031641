import { loadManifest, type Manifest, withInline } from '@runner-actions/manifest';

/** Loads a manifest from its text without the version. */
export async function load(text: string): Promise<Manifest> {
  const none = { read: () => Promise.resolve({ kind: 'missing', why: 'there are none' } as const) };
  const place = { repository: undefined, ref: undefined, path: 'a.yml' };
  const loaded = await loadManifest(withInline(none, 'a.yml', `version: 1\n${text}\n`), place);
  if (loaded.kind !== 'read') throw new Error(JSON.stringify(loaded));
  return loaded.manifest;
}
