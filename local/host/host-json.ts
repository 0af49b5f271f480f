import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { VersionSettings } from './durable/versions.ts';

const TIME_SPAN = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$/;

/** Reads the .NET notation `[d.]hh:mm:ss` into milliseconds; undefined when it is something else. */
export function parseTimeSpan(value: string): number | undefined {
  const match = TIME_SPAN.exec(value);
  if (!match) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

const timeSpan = z.string().transform((value, context) => {
  const milliseconds = parseTimeSpan(value);
  if (milliseconds === undefined) context.addIssue(`"${value}" is not a time span such as 00:00:30.`);
  return milliseconds ?? 0;
});

/** Defaults: https://learn.microsoft.com/azure/azure-functions/functions-host-json and …-bindings-storage-queue. */
const hostJsonSchema = z.looseObject({
  version: z.literal('2.0'),
  extensionBundle: z.looseObject({ id: z.string() }).optional(),
  extensions: z
    .looseObject({
      http: z.looseObject({ routePrefix: z.string().default('api') }).prefault({}),
      durableTask: z
        .looseObject({
          hubName: z.string().default('TestHubName'),
          defaultVersion: z.string().nullable().default(null),
          versionMatchStrategy: z.enum(['None', 'Strict', 'CurrentOrOlder']).default('CurrentOrOlder'),
          versionFailureStrategy: z.enum(['Reject', 'Fail']).default('Reject'),
        })
        .prefault({}),
      queues: z
        .looseObject({
          maxDequeueCount: z.int().positive().default(5),
          visibilityTimeout: timeSpan.default(0),
          batchSize: z.int().min(1).max(32).default(16),
          newBatchThreshold: z.int().nonnegative().optional(),
          maxPollingInterval: timeSpan.default(60_000),
          messageEncoding: z.enum(['base64', 'none']).default('base64'),
        })
        .prefault({}),
    })
    .prefault({}),
});

export interface HostSettings {
  routePrefix: string;
  hubName: string;
  /** Which orchestrations it makes and takes up. */
  versions: VersionSettings;
  /** Without it the real host has no durable, queue or timer extension at all. */
  hasExtensionBundle: boolean;
  queues: QueueSettings;
}

export interface QueueSettings {
  maxDequeueCount: number;
  /** How long a message stays invisible after its function failed, in milliseconds. */
  visibilityTimeout: number;
  batchSize: number;
  newBatchThreshold: number;
  /** Longest pause between two looks at an empty queue, in milliseconds. */
  maxPollingInterval: number;
  messageEncoding: 'base64' | 'none';
}

/**
 * Reads the host.json of the app.
 * @throws Error when the file is missing, is not JSON or holds a value the host does not know
 */
export function readHostJson(path: string): HostSettings {
  const { extensions, extensionBundle } = hostJsonSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const { queues, durableTask } = extensions;
  const { hubName, defaultVersion, versionMatchStrategy, versionFailureStrategy } = durableTask;
  return {
    routePrefix: extensions.http.routePrefix,
    hubName,
    versions: { defaultVersion, versionMatchStrategy, versionFailureStrategy },
    hasExtensionBundle: extensionBundle !== undefined,
    queues: {
      maxDequeueCount: queues.maxDequeueCount,
      visibilityTimeout: queues.visibilityTimeout,
      batchSize: queues.batchSize,
      newBatchThreshold: queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2),
      maxPollingInterval: queues.maxPollingInterval,
      messageEncoding: queues.messageEncoding,
    },
  };
}
