import { answerRequest } from '@runner-actions/core';
import { listProcesses } from '@runner-actions/host';

// This process may hang when it reads about another one, so the action can abandon it.
void answerRequest(() => listProcesses());
