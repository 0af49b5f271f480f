import { app } from '@azure/functions';
import * as df from 'durable-functions';

const handler = (): void => undefined;

app.http('fine', { authLevel: 'anonymous', handler: () => ({ body: 'fine' }) });
app.http('starter', {
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: () => ({ body: 'started' }),
});
app.timer('timer', { schedule: '0 0 * * * *', handler });
// Without storage this one is off.
app.storageQueue('queue', { queueName: 'q', connection: 'AzureWebJobsStorage', handler });
df.app.activity('activity', { handler });
df.app.orchestration('orchestration', function* (context) {
  yield context.df.callActivity('activity');
});

export const registerLate = (): void => {
  app.http('late', { authLevel: 'anonymous', handler: () => ({ body: 'late' }) });
};
