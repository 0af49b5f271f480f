import { app, output, type HttpRequest, type InvocationContext } from '@azure/functions';

/** Functions set off by queues; they remember what they were given. */
export interface Seen {
  name: string;
  value: unknown;
  metadata?: unknown;
}
export const seen: Seen[] = [];
/** Called with each thing seen. */
export const onSeen = new Set<() => void>();

function see(entry: Seen): void {
  seen.push(entry);
  for (const listener of onSeen) listener();
}

const toReplies = output.storageQueue({ queueName: 'replies', connection: 'AzureWebJobsStorage' });

app.storageQueue('reader', {
  queueName: 'requests',
  connection: 'AzureWebJobsStorage',
  return: toReplies,
  handler: (message: unknown, context: InvocationContext) => {
    see({ name: 'reader', value: message, metadata: context.triggerMetadata });
    return { answerTo: message };
  },
});

app.storageQueue('failing', {
  queueName: 'doomed',
  connection: 'AzureWebJobsStorage',
  handler: (message: unknown, context: InvocationContext) => {
    see({ name: 'failing', value: message, metadata: context.triggerMetadata?.['dequeueCount'] });
    throw new Error('never works');
  },
});

app.http('enqueue', {
  methods: ['POST'],
  authLevel: 'anonymous',
  extraOutputs: [toReplies],
  handler: async (request: HttpRequest, context: InvocationContext) => {
    context.extraOutputs.set(toReplies, await request.json());
    return { status: 202 };
  },
});
