/** The kinds of steps, in the order of a usual job. */
export const stepKinds = [
  'set-up',
  'checkout',
  'cache',
  'install',
  'build',
  'test',
  'deploy',
  'other',
] as const;

export type StepKind = (typeof stepKinds)[number];

/**
 * The words of each kind. The first word in the name decides, since a name says first what the step does:
 * `Build and push`, `Install test tools`. Of two at one place, the first in this list decides. `docs/job-metrics.md`
 * describes them for users: change both.
 */
const words: readonly [StepKind, RegExp][] = [
  [
    'set-up',
    /^(?:set up|complete) job$|^(?:initialize|stop) containers$|^pull \S+$|^build [^\s/]+\/[^\s@]+@\S+$|\bset ?up\b|\bsetup-|report-job-metrics|cleanup-workspace|validate-preinstalled|runner-actions@/,
  ],
  ['checkout', /\bcheck ?out\b|\bgit (?:clone|fetch|pull|submodule)\b/],
  ['cache', /cache\b|\bcaching\b|\bcaches\b/],
  [
    'install',
    /\binstall(?:ing)?\b|\bdependenc(?:y|ies)\b|\b(?:npm|pnpm|yarn|bun) (?:ci|i|add)\b|^(?:pnpm|yarn|bun)$|\buv sync\b|\bapk add\b|\bgo mod download\b|\bcargo fetch\b|\b(?:dotnet|nuget) restore\b|\brestore packages\b/,
  ],
  [
    'test',
    /\btest(?:s|ing)?\b|\bpytest\b|\b(?:tox|nox|ctest|jest|vitest|mocha|phpunit|rspec|playwright|cypress)\b|\b(?:lint|linter|linting|eslint|check|checks|verify|typecheck|coverage|e2e)\b|\bnpm t\b/,
  ],
  [
    'deploy',
    /\bdeploy(?:s|ing|ment)?\b|\bpublish(?:ing)?\b|\b(?:docker|podman|git) push\b|\bkubectl\b|\bhelm (?:upgrade|install)\b|\bterraform apply\b|\btwine upload\b|\b(?:create|upload|make) release\b|^release\b/,
  ],
  [
    'build',
    /\bbuild(?:s|ing)?\b|\bcompil(?:e|ing|ation)\b|\bassemble\b|\bpackage\b|\bbundle\b|\b(?:tsc|webpack|msbuild|ninja|xcodebuild)\b|\bcmake\b/,
  ],
];

/** Tools that do anything. They only decide if no word does: `make test` is a test. */
const builders = /^(?:make|gradle|mvn|ant|bazel|ninja|\.?\/?gradlew|\.?\/?mvnw)\b/;

/** Longer names are cut. The first words decide. */
const maxLength = 200;

/**
 * Returns the kind of a step by its name. GitHub names a step without a name `Run` and its action or first line, and the
 * post phase of an action `Post` and the name of its step.
 */
export function kindOf(name: string): StepKind {
  const text = name
    .slice(0, maxLength)
    .toLowerCase()
    .replace(/^post /, '')
    .replace(/^run /, '')
    .trim();
  let [kind, first]: [StepKind, number] = [builders.test(text) ? 'build' : 'other', Infinity];
  for (const [candidate, pattern] of words) {
    const at = text.search(pattern);
    if (at !== -1 && at < first) [kind, first] = [candidate, at];
  }
  return kind;
}
