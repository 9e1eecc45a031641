/**
 * Names that version managers, SDKMAN and features use, and the name of the same tool on PATH. The rule: a tool has
 * the name of the command that tells its version. For Python that is `python3`, since `python` is missing on many
 * systems. A name that is not here is a command's name already.
 */
const commands = new Map([
  ['1password-cli', 'op'],
  ['aws-cli', 'aws'],
  ['aws-sam-cli', 'sam'],
  ['awscli', 'aws'],
  ['azure', 'az'],
  ['azure-cli', 'az'],
  ['cocoapods', 'pod'],
  ['cpython', 'python3'],
  ['dotnet-core', 'dotnet'],
  ['dotnet-sdk', 'dotnet'],
  ['erlang', 'erl'],
  ['gcloud-cli', 'gcloud'],
  ['github-cli', 'gh'],
  ['gitlab-cli', 'glab'],
  ['golang', 'go'],
  ['google-cloud-sdk', 'gcloud'],
  ['haskell', 'ghc'],
  ['kubernetes-cli', 'kubectl'],
  ['leiningen', 'lein'],
  ['maven', 'mvn'],
  ['micronaut', 'mn'],
  ['mongodb', 'mongod'],
  ['neovim', 'nvim'],
  ['nodejs', 'node'],
  ['openjdk', 'java'],
  ['opentofu', 'tofu'],
  ['postgres', 'psql'],
  ['postgresql', 'psql'],
  ['powershell', 'pwsh'],
  ['powershell-core', 'pwsh'],
  ['protobuf', 'protoc'],
  ['python', 'python3'],
  ['redis', 'redis-server'],
  ['ripgrep', 'rg'],
  ['scalacli', 'scala-cli'],
  ['springboot', 'spring'],
  ['sqlite', 'sqlite3'],
]);

/** Returns the name of a tool on PATH. `undefined`, if the text cannot be a command's name. */
export function commandOf(name: string): string | undefined {
  const known = commands.get(name.toLowerCase());
  if (known !== undefined) return known;
  return /^[A-Za-z0-9][\w.+-]{0,63}$/.test(name) ? name : undefined;
}

/** Tells whether a text can be the name of a package: `@scope/name`, `user/tap/name`, `example.org/path/v2`. */
export function isPackageName(name: string): boolean {
  return /^[A-Za-z0-9_@][\w@.+/~-]{0,199}$/.test(name) && !name.split('/').some((part) => /^\.*$/.test(part));
}
