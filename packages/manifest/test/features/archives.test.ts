import { describe, expect, it } from 'vitest';
import { load } from '../load-text.ts';

const digest = 'A'.repeat(64);
const manifest = (archive: string, more = "version: '1.0.0'"): string =>
  `version: 1\nfeatures:\n  x: { ${more}, archives: { linux-x64: ${archive} } }\n`;

describe('archives of a feature', () => {
  it('are read, with their defaults', async () => {
    const { requirements } = await load(manifest(`{ url: https://h/a.zip, sha256: '${digest}' }`));
    const archive = { url: 'https://h/a.zip', sha256: digest.toLowerCase(), strip: 0, bin: ['.'] };
    expect(requirements[0]).toMatchObject({ archives: { 'linux-x64': archive }, range: { text: '1.0.0' } });
  });

  it.each([
    ['no digest', manifest('{ url: https://h/a }'), 'sha256'],
    ['a short digest', manifest("{ url: https://h/a, sha256: '00' }"), '64 hexadecimal digits'],
    [
      'a password in the address',
      manifest(`{ url: https://u:p@h/a, sha256: '${digest}' }`),
      'an address such as',
    ],
    ['a file', manifest(`{ url: file:///a, sha256: '${digest}' }`), 'an address such as'],
    [
      'a folder outside',
      manifest(`{ url: https://h/a, sha256: '${digest}', bin: ../x }`),
      'a folder inside the archive',
    ],
    [
      'a range',
      manifest(`{ url: https://h/a, sha256: '${digest}' }`, "version: '>=1'"),
      'one version such as 24.1.0',
    ],
    [
      'a path too',
      manifest(`{ url: https://h/a, sha256: '${digest}' }`, 'version: 1.0.0, path: ./x'),
      "either 'path' or 'archives'",
    ],
  ])('%s is refused', async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(message);
  });
});
