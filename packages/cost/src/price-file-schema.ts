import * as v from 'valibot';
import { described, oneOrMore } from '@runner-actions/config';
import { InvalidValue } from '@runner-actions/core';
import { isDay } from './day.ts';
import { microsPerUnit, parseMicros } from './money.ts';
import { normalizeSku, processors, runnerKinds, systems } from './price-row.ts';

/** More than any hosted runner costs, and little enough for the sums of years. In dollars a minute. */
const mostDollars = 1000;
const mostRunners = 1000;

const priceText = `a price in dollars a minute from 0 to ${mostDollars}, with at most six decimal places, such as 0.006`;

/** The YAML reader leaves `0.010` as a text, since a number would lose the zero. */
const price = v.pipe(
  v.custom<string | number>((given) => typeof given === 'number' || typeof given === 'string', priceText),
  v.rawTransform<string | number, number>(({ dataset, addIssue, NEVER }) => {
    try {
      return parseMicros(String(dataset.value), mostDollars * microsPerUnit);
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      addIssue({ message: priceText });
      return NEVER;
    }
  }),
);

const dayText = 'a day such as 2026-01-01';
const day = v.pipe(v.string(dayText), v.check(isDay, dayText));

const labelText = 'a label without commas, at most 256 characters long, and not self-hosted';
const label = v.pipe(
  v.string(labelText),
  v.regex(/^[^,\p{Cc}]{1,256}$/u, labelText),
  v.transform((text) => text.trim().toLowerCase()),
  v.check((text) => text !== '' && text !== 'self-hosted', labelText),
);

const skuText = 'a SKU such as linux_8_core, of lower-case letters, digits and _';
const sku = v.pipe(
  v.string(skuText),
  v.transform(normalizeSku),
  v.check((text) => /^[a-z][a-z\d_]{0,63}$/.test(text), skuText),
);

const cpusText = 'a whole number from 1 to 4096';
const cpus = v.pipe(
  v.number(cpusText),
  v.check((count) => Number.isSafeInteger(count) && count >= 1 && count <= 4096, cpusText),
);

const runner = v.strictObject(
  {
    sku: described(sku, "GitHub's name of the price, or a name of your own"),
    labels: v.optional(
      described(
        oneOrMore(label, 'a label, or a list of labels such as [big-build, big-test]'),
        'Labels with which jobs ask for this runner, beside those that are known',
      ),
    ),
    price: v.optional(described(price, 'What a minute costs, in US dollars')),
    'effective-from': v.optional(described(day, 'The first day of the price, in UTC. Default: always')),
    system: v.optional(described(v.picklist(systems), 'Only for a SKU of your own')),
    processor: v.optional(described(v.picklist(processors), 'Only for a SKU of your own')),
    cpus: v.optional(described(cpus, 'Only for a SKU of your own')),
    kind: v.optional(
      described(
        v.picklist(runnerKinds),
        'Only for a SKU of your own. `standard` is free in public repositories. Default: `larger`',
      ),
    ),
  },
  'a map such as { sku: linux_8_core, labels: big-build }',
);

/** The schema of a file with the user's prices, version 1. */
export const priceFileSchema = v.strictObject({
  version: v.optional(
    described(v.literal(1, 'the number 1, the version of the format'), 'Version of the format'),
    1,
  ),
  checked: v.optional(
    described(
      day,
      "The day on which you compared all prices with GitHub's page: of this file, and those shipped",
    ),
  ),
  runners: v.optional(
    described(
      v.pipe(
        v.array(runner, 'a list of runners, such as - { sku: linux_8_core, labels: big-build }'),
        v.maxLength(mostRunners, `at most ${mostRunners} runners`),
      ),
      'Runners with other prices, or with labels of yours',
    ),
    [],
  ),
});

export type PriceFile = v.InferOutput<typeof priceFileSchema>;
