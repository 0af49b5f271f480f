import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import * as z from 'zod';
import type { FunctionMetadata, InvocationResponse, TypedData } from '../functions-core.ts';
import type { AppSettings } from '../settings.ts';
import { encodeMessage } from './encoding.ts';

/** Sends what a function left in its queue output bindings. */
export type SendOutputs = (metadata: FunctionMetadata, outcome: InvocationResponse) => Promise<void>;

const outputSchema = z.looseObject({
  type: z.literal('queue'),
  direction: z.literal('out'),
  queueName: z.string(),
  connection: z.string().optional(),
});

/** @param encoding `messageEncoding` of host.json */
export function createQueueOutputs(settings: AppSettings, encoding: 'base64' | 'none'): SendOutputs {
  const known = new Map<string, Promise<QueueClient>>();
  const clientOf = (connection: string, name: string): Promise<QueueClient> => {
    const key = `${connection}\n${name}`;
    const open = async (): Promise<QueueClient> => {
      const client = QueueServiceClient.fromConnectionString(connection).getQueueClient(name);
      await client.createIfNotExists();
      return client;
    };
    const opened = known.get(key) ?? open();
    known.set(key, opened);
    // Tried again the next time, when the storage may be there.
    opened.catch(() => known.delete(key));
    return opened;
  };

  return async ({ bindings }, { returnValue, outputData = [] }) => {
    for (const [name, binding] of Object.entries(bindings)) {
      const output = outputSchema.safeParse(binding).data;
      if (!output) continue;
      const data = name === '$return' ? returnValue : outputData.find((item) => item.name === name)?.data;
      const texts = messagesOf(data);
      const connection = settings.connection(output.connection);
      const queueName = settings.expand(output.queueName);
      if (texts.length === 0 || connection === undefined || queueName === undefined) continue;
      const client = await clientOf(connection, queueName.toLowerCase());
      for (const text of texts) await client.sendMessage(encodeMessage(text, encoding));
    }
  };
}

/** An array is one message for each of its items. */
function messagesOf(data: TypedData | null | undefined): string[] {
  if (!data) return [];
  if (typeof data.string === 'string') return [data.string];
  if (data.bytes) return [Buffer.from(data.bytes).toString('utf8')];
  const number = data.int ?? data.double;
  if (number !== null && number !== undefined) return [String(number)];
  if (typeof data.json !== 'string') return [];
  const value: unknown = JSON.parse(data.json);
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
}
