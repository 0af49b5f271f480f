import * as z from 'zod';
import { durableCall } from './durable-call.ts';
import { newsSchema } from './news.ts';

/** Where people are notified; each is set up by an app setting of its own. */
export const CHANNEL_NAMES = ['teams', 'slack', 'webhook'] as const;
export const channelNameSchema = z.enum(CHANNEL_NAMES);
export type ChannelName = z.infer<typeof channelNameSchema>;

/** One event for one channel. No address: that is a secret, and stays in the app settings. */
export const notificationSchema = z.object({
  channel: channelNameSchema,
  news: newsSchema,
  /** When it happened, as far as is known. */
  at: z.iso.datetime(),
});
export type Notification = z.infer<typeof notificationSchema>;

/** The contract of the activities of the orchestration `notify`. */
export const NOTIFY = {
  /** Tells a channel what happened, once. Problems: `NotificationRefused`, `NotificationNotDelivered`. */
  sendNotification: durableCall('sendNotification', notificationSchema, z.object({})),
  /** Keeps why a channel could not be told in the end. */
  putNotificationAside: durableCall(
    'putNotificationAside',
    z.object({ notification: notificationSchema, code: z.string(), message: z.string() }),
    z.object({}),
  ),
} as const;
