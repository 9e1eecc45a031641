import { appendFileSync } from 'node:fs';

const key = process.env['INPUT_PRIVATE-KEY'] ?? '';
const forOrganization = process.env['INPUT_PERMISSION-ORGANIZATION-SELF-HOSTED-RUNNERS'] === 'read';
const forRepository = process.env['INPUT_PERMISSION-ADMINISTRATION'] === 'read';

// In the tests, the prefix of the key says which permissions the App has.
const isGranted =
  (forOrganization || forRepository) &&
  (!forOrganization || /^(organization|both)-/.test(key)) &&
  (!forRepository || /^(repository|both)-/.test(key));
if (process.env['INPUT_APP-ID'] === '' || !isGranted) {
  console.log('::error::The App does not have this permission.');
  process.exitCode = 1;
} else {
  console.log(`::add-mask::${key}`);
  appendFileSync(process.env['GITHUB_OUTPUT'] ?? '', `token=${key}\n`);
}
