import { expect, it } from 'vitest';
import { undefinedIfMissing } from '../src/file-identity-io.ts';

const failing = (code: string): Promise<never> =>
  Promise.reject(Object.assign(new Error(`it is ${code}`), { code }));

it.each(['ENOENT', 'ENOTDIR'])('undefinedIfMissing returns undefined for %s', async (code) =>
  expect(await undefinedIfMissing(failing(code))).toBeUndefined(),
);

it.each(['EACCES', 'EIO', 'ELOOP'])('undefinedIfMissing throws for %s', async (code) =>
  expect(undefinedIfMissing(failing(code))).rejects.toThrow(code),
);
