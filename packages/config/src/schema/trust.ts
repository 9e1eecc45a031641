import { InvalidValue, parseTrustEntry, trustChoices, trustEntryForms } from '@runner-actions/core';
import * as v from 'valibot';
import type { JsonSchemaHint } from './values.ts';

const editorHint: JsonSchemaHint = {
  anyOf: [
    { enum: [...trustChoices] },
    { type: 'string', pattern: '^(permission: *(write|admin)|label: *\\S.*)$' },
  ],
};

/** An entry of `trust`. The message for a wrong one says why, and what is valid. */
export const trustEntry = v.pipe(
  v.custom<string>((given) => typeof given === 'string', `one of ${trustEntryForms}`),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    try {
      parseTrustEntry(dataset.value);
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      addIssue({ message: error.valid });
    }
  }),
  v.transform(parseTrustEntry),
  v.metadata({ jsonSchema: editorHint }),
);
