import { InvalidValue } from './errors.ts';

/** Parses `true`, `True`, `TRUE`, `false`, `False` or `FALSE`: the YAML 1.2 core schema, like `@actions/core`. */
export function parseBoolean(text: string): boolean {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  throw new InvalidValue(text, 'true or false');
}

/** Parses a whole number in decimal digits. `range` includes `min` and `max`. */
export function parseInteger(text: string, range: { min?: number; max?: number } = {}): number {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
  const value = /^[+-]?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new InvalidValue(text, `a whole number${describeRange(range)}`);
}

function describeRange({ min, max }: { min?: number; max?: number }): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

const durationUnits: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses a duration such as `500ms`, `90s`, `15m`, `2h`, `14d` or `1h30m`. @returns milliseconds */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) {
    throw new InvalidValue(text, 'a duration such as 90s, 15m, 2h or 14d');
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (durationUnits[unit ?? ''] ?? 0), 0);
}

const byteUnits: Record<string, number> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
  TIB: 1024 ** 4,
};

/**
 * Parses a size such as `500MB` (powers of 1000) or `20GiB` (powers of 1024). A number without a unit is refused,
 * because a user who writes `100` rarely means bytes.
 * @returns bytes
 */
export function parseBytes(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text) ?? [];
  const factor = byteUnits[unit.toUpperCase()];
  if (amount === undefined || factor === undefined) {
    throw new InvalidValue(text, 'a size such as 500MB or 20GiB');
  }
  return Math.round(Number(amount) * factor);
}

/** Parses a share such as `85%`. @returns a number from 0 to 1 */
export function parseShare(text: string): number {
  const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text) ?? [];
  const value = Number(percent) / 100;
  if (percent === undefined || value > 1) throw new InvalidValue(text, 'a share from 0% to 100%');
  return value;
}

/** Parses one of the `valid` values. Upper and lower case matter. */
export function parseChoice<T extends string>(text: string, valid: readonly T[]): T {
  const found = valid.find((choice) => choice === text);
  if (found === undefined) throw new InvalidValue(text, `one of ${valid.join(', ')}`);
  return found;
}

/** A person writes fewer levels. Programs that read nested data call themselves for each level. */
const maxLevels = 100;

/** Parses JSON of at most 100 levels. @throws SyntaxError if it is not JSON; InvalidValue if it has more levels */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const isNested = (one: unknown): one is object => typeof one === 'object' && one !== null;
  let level = [value].filter(isNested);
  for (let count = 1; level.length > 0; count += 1) {
    if (count > maxLevels) throw new InvalidValue(text, `at most ${maxLevels} levels of lists and maps`);
    level = level.flatMap((one) => Object.values(one)).filter(isNested);
  }
  return value;
}

const listForms = 'a list such as \'a, b\', with one item per line, or as JSON: ["a", "b"]';

/**
 * Parses a list separated by commas or new lines, or a JSON array of strings. Trims the items and leaves out empty
 * ones. A text in brackets that is not JSON may be something else, such as the glob `[ab]`, so it is refused.
 */
export function parseList(text: string): string[] {
  const json = parseJsonList(text);
  if (json === undefined && text.trimStart().startsWith('[')) throw new InvalidValue(text, listForms);
  return trimmed(json ?? text.split(/[,\n]/));
}

function trimmed(items: readonly string[]): string[] {
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

/** The labels that every runner has, and those of GitHub's own runners. */
const wellKnownLabel =
  /^(?:self-hosted|linux|windows|macos|x64|arm|arm64|(?:ubuntu|windows|macos)-[\w.-]+)\s/i;

/**
 * Parses a list of labels, also as a list in YAML: `[a, b]`, or one `- a` per line. A label may contain spaces, but not
 * after a well-known label: there, a comma was forgotten. In a JSON array each label is taken as it is.
 */
export function parseLabels(text: string): string[] {
  const json = parseJsonList(text);
  const labels = trimmed(json ?? plainLabels(text));
  const joined = json === undefined && labels.find((label) => wellKnownLabel.test(label));
  if (typeof joined !== 'string') return labels;
  const [apart, whole] = [joined.split(/\s+/).join(', '), JSON.stringify([joined])];
  throw new InvalidValue(
    text,
    `commas between labels: '${apart}'. Write a label with spaces as JSON: ${whole}`,
  );
}

/** @returns `undefined` if the text is not JSON */
function parseJsonList(text: string): string[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (Array.isArray(parsed) && parsed.every((item) => typeof item === 'string')) return parsed;
  throw new InvalidValue(text, listForms);
}

function plainLabels(text: string): string[] {
  const whole = text.trim();
  if (whole.startsWith('[')) {
    if (!whole.endsWith(']')) throw new InvalidValue(text, listForms);
    return whole
      .slice(1, -1)
      .split(',')
      .map((item) => yamlItem(item, text));
  }
  const lines = whole.split('\n');
  if (!lines.some((line) => /^\s*-\s/.test(line))) return whole.split(/[,\n]/);
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      // YAML takes 'a, b' for one item, and a user may mean two.
      if (!/^\s*-\s/.test(line) || line.includes(',')) throw new InvalidValue(text, listForms);
      return yamlItem(line.replace(/^\s*-/, ''), text);
    });
}

/** Returns an item of a YAML list, without its quotes. @throws InvalidValue if it is more than a plain text */
function yamlItem(item: string, text: string): string {
  const [, double, single, plain] = /^(?:"([^"\\]*)"|'([^']*)'|([^"'[\]{}#]*))$/.exec(item.trim()) ?? [];
  const found = double ?? single ?? plain;
  if (found === undefined) throw new InvalidValue(text, listForms);
  return found;
}
