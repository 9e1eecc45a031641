/** Replaces secrets with `***` in text that GitHub shows. */
export interface SecretMasker {
  add(value: string): void;
  mask(text: string): string;
}

/**
 * Creates a masker. It masks each secret as it is, and its forms in base64 (at any position in the encoded text), JSON,
 * XML, a URI, a command line and an expression.
 * Source: actions/runner 2.336.0, SecretMasker.cs and ValueEncoders.cs, without the two encoders for PowerShell.
 */
export function openSecretMasker(): SecretMasker {
  const values = new Set<string>();
  return {
    add(value) {
      if (value === '') return;
      for (const form of [value, ...encodedForms(value)]) values.add(form);
    },
    mask(text) {
      const ranges = [...values].flatMap((value) => occurrences(text, value));
      ranges.sort((one, other) => one.start - other.start);
      let shown = '';
      let position = 0;
      for (let index = 0; index < ranges.length; index += 1) {
        const first = ranges[index];
        if (first === undefined) break;
        let end = first.end;
        for (
          let next = ranges[index + 1];
          next !== undefined && next.start <= end;
          next = ranges[index + 1]
        ) {
          end = Math.max(end, next.end);
          index += 1;
        }
        shown += `${text.slice(position, first.start)}***`;
        position = end;
      }
      return shown + text.slice(position);
    },
  };
}

function occurrences(text: string, value: string): { start: number; end: number }[] {
  const found = [];
  for (let start = text.indexOf(value); start >= 0; start = text.indexOf(value, start + 1))
    found.push({ start, end: start + value.length });
  return found;
}

function encodedForms(value: string): string[] {
  const bytes = Buffer.from(value);
  const xml = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '&': '&amp;' } as const;
  const trimmed = value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : '';
  const forms = [
    ...[0, 1, 2].map((shift) => bytes.subarray(bytes.length > shift ? shift : 0).toString('base64')),
    value.replaceAll('"', '\\"'),
    value.replaceAll("'", "''"),
    JSON.stringify(value).slice(1, -1),
    escapeUri(value),
    value.replaceAll(/[<>"'&]/g, (character) => xml[character as keyof typeof xml]),
    trimmed,
  ];
  return forms.filter((text) => text !== '' && text !== value);
}

/** Escapes text as .NET's `Uri.EscapeDataString` does, which escapes more characters than JavaScript. */
function escapeUri(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
