import { parseBytes } from '@runner-actions/core';
import { parsedText } from '../requirement.ts';

/** What a number, or a text, must be. */
export interface Comparison {
  operator: '=' | '!=' | '>=' | '<=' | '>' | '<';
  /** Without the operator and blanks around. */
  wanted: string;
}

const operators = /^(>=|<=|!=|==|=|>|<)?\s*/;

function parse(text: string): Comparison {
  const [head = '', operator = '='] = operators.exec(text.trim()) ?? [];
  const wanted = text.trim().slice(head.length).trim();
  return { operator: (operator === '==' ? '=' : operator) as Comparison['operator'], wanted };
}

const needsNumber = ({ operator }: Comparison): boolean => operator !== '=' && operator !== '!=';

/** A value of the kernel: a text, or a comparison with a whole number such as `>=262144`. */
export const kernelValue = parsedText((text) => {
  const parsed = parse(text);
  const isWrong = parsed.wanted === '' || (needsNumber(parsed) && !/^-?\d{1,30}$/.test(parsed.wanted));
  return isWrong ? { expected: 'a value such as 1, or a comparison such as >=262144' } : parsed;
}, 'a value such as 1, or a comparison such as >=262144');

/** A count such as `>=1`. */
export const countComparison = parsedText((text) => {
  const parsed = parse(text);
  return /^\d{1,9}$/.test(parsed.wanted) ? parsed : { expected: 'a count such as 1 or >=1' };
}, 'a count such as 1 or >=1');

const limitForms = 'a limit such as >=65536, >=64MiB or unlimited';

/** A limit of a process: a number, a size in bytes, or `unlimited`. */
export const limitValue = parsedText((text) => {
  const { operator, wanted } = parse(text);
  if (wanted === 'unlimited') return operator === '=' ? { operator, wanted } : { expected: limitForms };
  if (/^\d{1,20}$/.test(wanted)) return { operator, wanted };
  return { operator, wanted: String(parseBytes(wanted)) };
}, limitForms);

/** Returns whether a number meets a comparison with one. Compares without rounding. */
export function compareNumbers({ operator, wanted }: Comparison, found: bigint): boolean {
  const number = BigInt(wanted);
  switch (operator) {
    case '=':
      return found === number;
    case '!=':
      return found !== number;
    case '>=':
      return found >= number;
    case '<=':
      return found <= number;
    case '>':
      return found > number;
    case '<':
      return found < number;
  }
}
