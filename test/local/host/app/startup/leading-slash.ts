import { app } from '@azure/functions';

app.http('fine', { authLevel: 'anonymous', handler: () => ({ body: 'fine' }) });
app.http('slashed', { authLevel: 'anonymous', route: '/slashed', handler: () => ({ body: 'slashed' }) });
