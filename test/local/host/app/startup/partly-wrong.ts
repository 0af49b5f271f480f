import { app, input } from '@azure/functions';

const handler = (): void => undefined;
const answer = (): { body: string } => ({ body: 'fine' });

app.http('fine', { authLevel: 'anonymous', handler: answer });
app.http('sameRoute', { authLevel: 'anonymous', route: 'fine', handler: answer });
app.http('admins', { authLevel: 'anonymous', route: 'admin/things', handler: answer });
app.http('1badName', { authLevel: 'anonymous', route: 'other', handler: answer });
app.http('asksForBlob', {
  authLevel: 'anonymous',
  extraInputs: [input.storageBlob({ path: 'a/b', connection: 'AzureWebJobsStorage' })],
  handler: answer,
});
app.timer('badTimer', { schedule: 'now and then', handler });
app.storageQueue('missingConnection', { queueName: 'q', connection: 'NOT_SET_ANYWHERE', handler });
