import { app } from '@azure/functions';

app.http('fine', { authLevel: 'anonymous', handler: () => ({ body: 'fine' }) });
throw new Error('A setting is missing.');
