import { checkKind } from './check-kind.ts';

/** Checks the section `oci` that the first argument holds, and prints the finding. Tests start it as another user. */
console.log(JSON.stringify(await checkKind('oci', JSON.parse(process.argv[2] ?? '{}'), process.env)));
