import { expect, it } from 'vitest';
import { ifThere } from '../src/files-io.ts';

const failing = (code: string): Promise<never> =>
  Promise.reject(Object.assign(new Error(`it is ${code}`), { code }));

it.each(['ENOENT', 'ENOTDIR'])('knows by %s that nothing is there', async (code) =>
  expect(await ifThere(failing(code))).toBeUndefined(),
);

it.each(['EACCES', 'EIO', 'ELOOP'])('does not take %s for nothing', async (code) =>
  expect(ifThere(failing(code))).rejects.toThrow(code),
);
