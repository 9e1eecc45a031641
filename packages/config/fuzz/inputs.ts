import fc from 'fast-check';
import { stringify } from 'yaml';

const words = [
  ...[
    'version',
    'extends',
    'pools',
    'pool-order',
    'classes',
    'fallback',
    'rollout',
    'trust',
    'breaker',
    'requirements',
  ],
  ...[
    'cache',
    'metrics',
    'cleanup',
    'environments',
    'runs-on',
    'kind',
    'hosted',
    'min-free',
    'when-busy',
    'failures',
  ],
  ...[
    '3/15m/30m',
    '85%',
    '20GiB',
    '15m',
    '2x',
    './a.yml',
    'o/r:p@ref',
    '__proto__',
    'constructor',
    'toString',
    '1',
    'null',
  ],
];
const word = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, fc.string({ maxLength: 12 }));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    word,
    fc.constantFrom(null, true, false, 0, -1, 1.5, 1e308, Number.NaN),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(word, tie('tree'), { maxKeys: 5 }),
  ),
}));

const noise = fc.constantFrom(
  ...'{}[]:,&*!|>\'"%@`#-?~\t\n\r\0\u2028\uFEFF ',
  '<<: *a',
  '&a',
  '*a',
  '---',
  '...',
  '!!binary',
  '? ',
  '- - - ',
);

/** Valid files in which random parts are replaced by words and by characters that have a meaning in YAML. */
function mutated(files: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.tuple(fc.nat(), fc.nat(40), fc.oneof(noise, word));
  return fc
    .tuple(fc.constantFrom(...files), fc.array(edit, { minLength: 1, maxLength: 8 }))
    .map(([file, edits]) =>
      edits.reduce((text, [at, length, piece]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + piece + text.slice(from + length);
      }, file),
    );
}

/** Generates random bytes, random text, random YAML, and damaged valid files. */
export function anyFile(good: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.string({ unit: 'binary', maxLength: 200 }),
    tree.map((value) => stringify(value)),
    mutated(good),
  );
}
