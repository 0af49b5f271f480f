import {
  QueueServiceClient,
  RestError,
  type DequeuedMessageItem,
  type QueueClient,
} from '@azure/storage-queue';
import type { TypedData } from '../functions-core.ts';
import type { Busy } from '../busy.ts';
import { messageOf } from '../errors.ts';
import type { QueueFunction } from '../functions.ts';
import type { QueueSettings } from '../host-json.ts';
import type { Inputs } from '../invoke.ts';
import { decodeMessage } from './encoding.ts';

export interface QueueListenerOptions {
  target: QueueFunction;
  settings: QueueSettings;
  busy: Busy;
  /** Runs the function with its outputs; rejects when it fails. */
  run: (inputs: Inputs) => Promise<void>;
  log: (line: string) => void;
}

export interface QueueListener {
  /** Stops taking messages, and resolves when those taken are done with. */
  close: () => Promise<void>;
}

/** How long a message is ours before another reader sees it, in seconds; renewed while its function runs. */
const LEASE_SECONDS = 600;
const FIRST_PAUSE_MS = 50;

/**
 * Runs a function for each message of a queue: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger.
 * A message whose function fails comes back after `visibilityTimeout`, and goes to `<queue>-poison` when it has
 * been taken `maxDequeueCount` times. Queues live in real time, whatever the host's clock shows.
 */
export function startQueueListener(options: QueueListenerOptions): QueueListener {
  const { target, settings, busy, run, log } = options;
  // The listener asks again anyway, so that the client need not.
  const service = QueueServiceClient.fromConnectionString(target.connection, {
    retryOptions: { maxTries: 1 },
  });
  const stopping = new AbortController();
  const queue = service.getQueueClient(target.queueName);
  const running = new Set<Promise<void>>();
  let pause = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const poll = async (): Promise<void> => {
    try {
      const { receivedMessageItems: messages } = await queue.receiveMessages({
        numberOfMessages: settings.batchSize,
        visibilityTimeout: LEASE_SECONDS,
        abortSignal: stopping.signal,
      });
      for (const message of messages) take(message);
      pause = messages.length > 0 ? FIRST_PAUSE_MS : Math.min(pause * 2, settings.maxPollingInterval, 1000);
    } catch (error) {
      // A queue that is not there yet is an empty one.
      const isMissing = error instanceof RestError && error.statusCode === 404;
      if (!isMissing && !closed)
        log(`[host] The queue '${target.queueName}' cannot be read: ${messageOf(error)}`);
      pause = Math.min(pause * 2, 1000);
    }
    next();
  };
  const next = (): void => {
    // A new batch is fetched when few are left of the last one.
    if (closed || timer || running.size > settings.newBatchThreshold) return;
    timer = setTimeout(() => {
      timer = undefined;
      polling = poll();
    }, pause);
    timer.unref();
  };
  const take = (message: DequeuedMessageItem): void => {
    const leave = busy.enter();
    const work = handle(queue, service, message, options, run).catch((error: unknown) => {
      log(`[host] A message of '${target.queueName}' was not settled: ${messageOf(error)}`);
    });
    running.add(work);
    void work.finally(() => {
      running.delete(work);
      leave();
      next();
    });
  };

  let polling: Promise<void> = poll();
  return {
    async close() {
      closed = true;
      stopping.abort();
      clearTimeout(timer);
      await polling;
      await Promise.all(running);
    },
  };
}

async function handle(
  queue: QueueClient,
  service: QueueServiceClient,
  message: DequeuedMessageItem,
  { target, settings, log }: QueueListenerOptions,
  run: QueueListenerOptions['run'],
): Promise<void> {
  const { name } = target.target.metadata;
  let receipt = message.popReceipt;
  const renewal = setInterval(
    () => {
      queue.updateMessage(message.messageId, receipt, undefined, LEASE_SECONDS).then(
        ({ popReceipt }) => {
          receipt = popReceipt ?? receipt;
        },
        (error: unknown) => {
          log(`[${name}] The message's lease was not renewed: ${messageOf(error)}`);
        },
      );
    },
    (LEASE_SECONDS * 1000) / 2,
  );
  renewal.unref();
  try {
    if (message.dequeueCount > settings.maxDequeueCount) throw new Error('It was taken too often already.');
    await run(inputsOf(message, target, settings));
    await queue.deleteMessage(message.messageId, receipt);
  } catch (error) {
    log(`[${name}] failed, attempt ${String(message.dequeueCount)}: ${messageOf(error)}`);
    if (message.dequeueCount < settings.maxDequeueCount) {
      const seconds = Math.ceil(settings.visibilityTimeout / 1000);
      await queue.updateMessage(message.messageId, receipt, message.messageText, seconds);
      return;
    }
    const poison = service.getQueueClient(`${target.queueName}-poison`);
    await poison.createIfNotExists();
    await poison.sendMessage(message.messageText);
    await queue.deleteMessage(message.messageId, receipt);
  } finally {
    clearInterval(renewal);
  }
}

function inputsOf(message: DequeuedMessageItem, target: QueueFunction, settings: QueueSettings): Inputs {
  const text = decodeMessage(message.messageText, settings.messageEncoding);
  const time = (date: Date): TypedData => ({
    json: JSON.stringify(date.toISOString().replace(/\.\d+Z$/, '+00:00')),
  });
  const trigger = Object.entries(target.target.metadata.bindings).find(
    ([, { type }]) => type === 'queueTrigger',
  );
  return {
    inputData: [{ name: trigger?.[0] ?? '', data: { string: text } }],
    triggerMetadata: {
      QueueTrigger: { string: text },
      DequeueCount: { json: String(message.dequeueCount) },
      ExpirationTime: time(message.expiresOn),
      Id: { string: message.messageId },
      InsertionTime: time(message.insertedOn),
      NextVisibleTime: time(message.nextVisibleOn),
      PopReceipt: { string: message.popReceipt },
      ...fieldsOf(text),
    },
  };
}

/** The fields of a message that is a JSON object are there one by one as well. */
function fieldsOf(text: string): Record<string, TypedData> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const asText = (item: unknown): string => (typeof item === 'string' ? item : JSON.stringify(item));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, { string: asText(item) }]));
}
