/** An error of the YAML library. */
interface YamlError {
  code: string;
  message: string;
  /** The whole file. */
  text: string;
  offset: number;
}

/** Globs, ranges and intervals may begin with characters that have a meaning in YAML. */
const signs: Record<string, string> = { BAD_ALIAS: "'*'", TAG_RESOLVE_FAILED: "'!'" };

/** Says what to write instead, behind the library's own sentence; '' if there is nothing to add. */
export function yamlHint({ code, message, text, offset }: YamlError): string {
  if (isInterval(text, offset)) return "; an interval such as [1.0,2.0) is written '>=1.0 <2.0', in quotes";
  if (/^Block scalar header/.test(message))
    return "; put a text that begins with '>' or '|' in quotes, such as '>=3'";
  const sign = code === 'BAD_SCALAR_START' ? startSign(text[offset] ?? '') : signs[code];
  return sign === undefined ? '' : `; put a text that begins with ${sign} in quotes`;
}

function startSign(sign: string): string {
  return sign === '>' ? "'>', such as '>=3'," : `'${sign}'`;
}

/** Whether an error is in a half-open interval, or in the line below it. */
function isInterval(text: string, offset: number): boolean {
  const from = Math.max(0, offset - 100);
  const bracket = text.slice(from, offset + 1).lastIndexOf('[');
  if (bracket === -1) return false;
  const start = from + bracket;
  return /^\[[\w.-]*, ?[\w.-]*\)/.test(text.slice(start, start + 100));
}
