/** What stands for a word that is computed. */
export const computed = '…';

/** Words before a program, or between it and its subcommand: options, variables, and programs that start another one. */
const skipped = /^(?:-.*|\/[a-z]|\w+=.*|sudo|env|cmd(?:\.exe)?)$/i;

const installers =
  /^(?:npm|pnpm|yarn|bun|corepack|python[\d.]*|py|pip[\d.]*|pipx|uv|gem|cargo|go|brew|apt|apt-get|apk|dnf|yum|choco|winget)$/;
const installing = /^(?:i|ci|add|install|update|upgrade|exec|x|dlx|get|enable|prepare)$/;
/** Programs that download and run a package, whatever their arguments are. */
const packageRunners = /^(?:npx|bunx|uvx)$/;

const download = /\b(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod)\s/i;
const shells = /^(?:(?:ba|z|da)?sh|pwsh|powershell|iex|invoke-expression)$/i;

/**
 * Returns why a bundle must not run a command, or undefined.
 *
 * @param command the program and its arguments, or a line for a shell
 */
export function commandProblem(command: string): string | undefined {
  const parts = command
    .split(/[;&|\n]/)
    .map((part) => part.split(/\s/).filter((word) => word !== '' && !skipped.test(word)))
    .map(([program = '', ...rest]) => [nameOf(program), ...rest] as const);
  const isInstalling = parts.some(
    ([program, ...rest]) =>
      rest.length > 0 &&
      (packageRunners.test(program) ||
        (installers.test(program) && rest.slice(0, 2).some((word) => installing.test(word)))),
  );
  const isDownloaded = download.test(command) && parts.some(([program]) => shells.test(program));
  if (isInstalling || isDownloaded) return `installs at run time: ${command}`;
  return parts.some(([program]) => program === 'node') && / /.test(command.trim())
    ? `starts Node with another script: ${command}`
    : undefined;
}

/** Returns the name of a program without its folder and its ending. */
function nameOf(program: string): string {
  return program.replace(/^.*[/\\]/, '').replace(/\.(?:cmd|exe|ps1)$/i, '');
}
