import { app } from '@azure/functions';

app.http('fine', { authLevel: 'anonymous', handler: () => ({ body: 'fine' }) });
app.http('fine', { authLevel: 'anonymous', route: 'other', handler: () => ({ body: 'other' }) });
