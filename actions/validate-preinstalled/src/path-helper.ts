import { answerRequest } from '@runner-actions/core';
import { answerPath } from './paths/answer-path-io.ts';
import type { PathQuestion } from './paths/path-facts.ts';

// This process may hang in a file system whose server is gone, so the action can abandon it.
void answerRequest<PathQuestion>((question) => answerPath(question));
