/**
 * Returns a function that replaces secrets in a text by `***`. As on GitHub, each line of a secret of several lines is
 * a secret. act masks as well, but not in all that it prints.
 */
export function maskOf(secrets: Record<string, string>): (text: string) => string {
  const values = Object.values(secrets)
    .flatMap((value) => [value, ...value.split(/\r?\n/)])
    .filter((value) => value.trim() !== '')
    // A secret that contains another one is replaced first.
    .sort((one, other) => other.length - one.length);
  return (text) => values.reduce((masked, value) => masked.replaceAll(value, '***'), text);
}
