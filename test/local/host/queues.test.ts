import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { EventEmitter, once } from 'node:events';
import * as z from 'zod';
import recording from '../../fixtures/durable/qtrig_request.json' with { type: 'json' };
import { storageAccount } from '../../support/storage.ts';
import { onSeen, seen } from './app/triggers.ts';
import { startTestHost, type TestHost } from './support/test-host.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('queues', () => {
  const connection = storageAccount(31);
  let host: TestHost;
  const happened = new EventEmitter();
  const queue = (name: string): QueueClient =>
    QueueServiceClient.fromConnectionString(connection).getQueueClient(name);

  beforeAll(async () => {
    await queue('requests').create();
    await queue('doomed').create();
    onSeen.add(() => happened.emit('seen'));
    host = await startTestHost('triggers.ts', {
      storageConnection: connection,
      timerTriggers: 'off',
    });
  });
  afterAll(async () => {
    await host.close();
  });
  beforeEach(() => seen.splice(0));

  /** Waits until that many things were seen and the host has put everything away. */
  const until = async (count: number): Promise<void> => {
    while (seen.length < count) await once(happened, 'seen');
    await host.idle();
  };
  const texts = async (name: string): Promise<string[]> => {
    const { receivedMessageItems } = await queue(name).receiveMessages({ numberOfMessages: 32 });
    return receivedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString());
  };

  test('run a function for a message, and send what it returns', async () => {
    await queue('requests').sendMessage(base64('{"n":1}'));
    await until(1);
    expect(seen.map(({ value }) => value)).toEqual([{ n: 1 }]);
    expect(await texts('replies')).toEqual(['{"answerTo":{"n":1}}']);
    expect(await texts('requests')).toEqual([]);
  });

  test('tell as much about a message as the real host does', async () => {
    await queue('requests').sendMessage(base64('{"n":1}'));
    await until(1);
    const camelCase = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
    const names = Object.keys(recording.invocationRequest.triggerMetadata).map(camelCase);
    const metadata = z.record(z.string(), z.unknown()).parse(seen[0]?.metadata);
    expect(Object.keys(metadata).sort()).toEqual(names.sort());
    expect(seen[0]?.metadata).toMatchObject({ dequeueCount: 1, queueTrigger: { n: 1 }, n: 1 });
  });

  test('move a message to the poison queue after the last attempt', async () => {
    await queue('doomed').sendMessage(base64('bad luck'));
    await until(3);
    expect(seen.map(({ metadata }) => metadata)).toEqual([1, 2, 3]);
    expect(await texts('doomed-poison')).toEqual(['bad luck']);
    expect((await queue('doomed').getProperties()).approximateMessagesCount).toBe(0);
  });

  test('send each item of an array as a message of its own', async () => {
    await texts('replies');
    const body = JSON.stringify([{ a: 1 }, 'two']);
    expect((await host.get('/api/enqueue', { method: 'POST', body })).status).toBe(202);
    expect(await texts('replies')).toEqual(['{"a":1}', 'two']);
  });
});
