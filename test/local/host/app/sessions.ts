import * as df from 'durable-functions';
import { registerClient } from './client-function.ts';

registerClient();

/** How often each orchestrator was begun in this process. */
export const begun = { steady: 0, restless: 0 };

df.app.activity('one', { handler: () => 1 });
df.app.activity('two', { handler: () => 2 });

df.app.orchestration('steady', function* (context) {
  begun.steady++;
  let sum = 0;
  for (let turn = 0; turn < 5; turn++) sum += Number(yield context.df.callActivity('one'));
  return sum;
});

/** What no orchestrator may do: it asks for something else the second time. */
df.app.orchestration('restless', function* (context) {
  begun.restless++;
  const name = begun.restless === 1 ? 'one' : 'two';
  yield context.df.callActivity(name);
  const value: unknown = yield context.df.callActivity(name);
  return value;
});
