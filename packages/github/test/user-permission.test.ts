import { describe, expect, it } from 'vitest';
import { type GitHub, userPermission } from '../src/index.ts';

const user = { login: 'ada', id: 7 };
const read = (answer: unknown) => {
  const github = { get: async () => answer } as unknown as GitHub;
  return userPermission(github, { owner: 'octo', name: 'app' }, 'Ada');
};

describe('userPermission', () => {
  it.each(['admin', 'write', 'read', 'none'])(
    'returns the account of the answer and its permission %s',
    async (permission) => {
      expect(await read({ permission, role_name: 'a custom role', user })).toEqual({ ...user, permission });
    },
  );

  it.each([
    ['a permission that GitHub does not document', { permission: 'owner', user }],
    ['a permission in other case', { permission: 'ADMIN', user }],
    ['several permissions', { permission: ['admin'], user }],
    ['no permission', { role_name: 'admin', user }],
    ['no user', { permission: 'admin', user: null }],
    ['a user without a login', { permission: 'admin', user: { id: 7 } }],
    ['a user without an id', { permission: 'admin', user: { login: 'ada' } }],
    ['a list', [{ permission: 'admin', user }]],
  ])('fails for an answer with %s', async (_case, answer) => {
    await expect(read(answer)).rejects.toThrow(
      '/repos/octo/app/collaborators/Ada/permission: the response does not have the documented shape',
    );
  });
});
