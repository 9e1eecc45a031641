/**
 * GitHub's rules for a matrix, written down step by step as its runner has them: slow, and without any code of the
 * action, to compare with. Source: actions/runner, src/Sdk/WorkflowParser/Conversion/MatrixBuilder.cs;
 * src/Sdk/Expressions/EvaluationResult.cs (`AbstractEqual`), Sdk/ExpressionUtility.cs (`ParseNumber`),
 * Sdk/Operators/Index.cs, Data/DictionaryExpressionData.cs.
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
type Pairs = [key: string, value: Value][];
type Leaf = { path: (string | number)[]; literal: Value };

/** @param axes in their order @returns the cells, each as its pairs in order */
export function referenceCells(axes: Record<string, Value[]>, include: Pairs[], exclude: Pairs[]): Pairs[] {
  const names = Object.keys(axes);
  const isAxis = (key: string) => names.some((name) => upper(name) === upper(key));
  const filters = include.map((entry) => entry.filter(([key]) => isAxis(key)));
  const extras = include.map((entry) => entry.filter(([key]) => !isAxis(key)));
  const used = include.map(() => false);
  const size = names.length === 0 ? 0 : names.reduce((sum, name) => sum * axes[name]!.length, 1);
  const cells: Pairs[] = [];
  for (let index = 0; index < size; index += 1) {
    let block = size;
    const cell: Pairs = [];
    for (const name of names) {
      const vector = axes[name]!;
      block /= vector.length;
      cell.push([name, vector[Math.floor(index / block) % vector.length]!]);
    }
    if (exclude.some((filter) => isMatch(cell, filter))) continue;
    const added: Pairs = [];
    for (let entry = 0; entry < include.length; entry += 1) {
      if (!isMatch(cell, filters[entry]!)) continue;
      used[entry] = true;
      for (const [key, value] of extras[entry]!) {
        const present = added.find(([own]) => upper(own) === upper(key));
        if (present === undefined) added.push([key, value]);
        else present[1] = value;
      }
    }
    cells.push([...cell, ...added]);
  }
  for (let entry = 0; entry < include.length; entry += 1)
    if (!used[entry]) cells.push([...filters[entry]!, ...extras[entry]!]);
  return cells;
}

/** A filter is one expression `matrix[…][…] == literal` for each of its leaves; all must be true. */
function isMatch(cell: Pairs, filter: Pairs): boolean {
  const leaves = filter.flatMap(([key, value]) => leavesOf(value, [key]));
  return leaves.every(({ path, literal }) => {
    let value: Value = Object.fromEntries(cell);
    for (const index of path) value = indexed(value, index);
    return abstractEqual(value, literal);
  });
}

function leavesOf(value: Value, path: (string | number)[]): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...path, index]));
  if (value === null || typeof value !== 'object') return [{ path, literal: value }];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

function indexed(collection: Value, index: string | number): Value {
  if (collection === null || typeof collection !== 'object') return null;
  if (!Array.isArray(collection)) {
    const found = Object.entries(collection).find(([key]) => upper(key) === upper(String(index)));
    return found === undefined ? null : found[1];
  }
  const position = typeof index === 'number' ? index : parseNumber(index);
  if (Number.isNaN(position) || position < 0 || Math.floor(position) >= collection.length) return null;
  return collection[Math.floor(position)]!;
}

function abstractEqual(left: Value, right: Value): boolean {
  const [leftKind, rightKind] = [kindOf(left), kindOf(right)];
  if (leftKind === rightKind) {
    if (leftKind === 'string') return upper(left as string) === upper(right as string);
    // Objects and lists are equal only if they are the same one, and a literal never is.
    return leftKind !== 'object' && leftKind !== 'array' && left === right;
  }
  if (leftKind === 'number' && rightKind === 'string')
    return abstractEqual(left, parseNumber(right as string));
  if (leftKind === 'string' && rightKind === 'number')
    return abstractEqual(parseNumber(left as string), right);
  if (leftKind === 'boolean' || leftKind === 'null') return abstractEqual(left === true ? 1 : 0, right);
  if (rightKind === 'boolean' || rightKind === 'null') return abstractEqual(left, right === true ? 1 : 0);
  return false;
}

function kindOf(value: Value): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function parseNumber(text: string): number {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return Number.parseFloat(trimmed);
  if (/^0x[0-9a-fA-F]+$/.test(trimmed)) return Number.parseInt(trimmed.slice(2), 16);
  if (/^0o[0-7]+$/.test(trimmed)) return Number.parseInt(trimmed.slice(2), 8);
  if (trimmed === 'Infinity') return Number.POSITIVE_INFINITY;
  return trimmed === '-Infinity' ? Number.NEGATIVE_INFINITY : Number.NaN;
}

/** .NET's OrdinalIgnoreCase compares capitals. */
function upper(text: string): string {
  return text.toUpperCase();
}
