import { createHash } from 'node:crypto';
import { eventIdOf, type News } from '../../shared/model/news.ts';
import type { ChannelName, Notification } from '../../shared/model/notify.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { isOver, type Engine } from './engine.ts';

/** Name under which the orchestration is registered. */
const NOTIFY = 'notify';

/**
 * Starts an orchestration for each channel that is to be told; its instance is named by channel and event, so that a message that
 * comes twice starts none beside one that runs. Whether it was told before, the activity knows.
 */
export async function startNotifications(
  engine: Engine,
  { channels, clock }: Pick<TriggerDependencies, 'channels' | 'clock'>,
  news: News,
): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  for (const channel of channels) await startOne(engine, { channel, news, at });
}

async function startOne(engine: Engine, input: Notification): Promise<void> {
  const instanceId = instanceOf(input.channel, input.news);
  if (!(await isOver(engine, instanceId))) return;
  try {
    await engine.startNew(NOTIFY, { instanceId, input });
  } catch (error) {
    // Another host was faster: the engine refuses a second start of a running instance.
    if (await isOver(engine, instanceId)) throw error;
  }
}

function instanceOf(channel: ChannelName, news: News): string {
  const event = createHash('sha256').update(eventIdOf(news)).digest('hex').slice(0, 32);
  return `notify-${channel}-${event}`;
}
