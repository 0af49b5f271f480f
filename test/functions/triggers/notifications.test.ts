import { instanceOfEvent } from '../../support/notify.ts';
import { createApp } from './app.ts';

const NEWS = { remediationId: `vm-${'0'.repeat(32)}-20260301120000000-abcd`, event: 'started' as const };

describe('News', () => {
  it('start an orchestration for each channel, which holds no address', async () => {
    const app = createApp({ channels: ['teams', 'webhook'] });
    await app.takeNews(NEWS);
    expect([...app.engine.instances]).toMatchObject([
      [instanceOfEvent('teams', NEWS), { input: { channel: 'teams', news: NEWS } }],
      [instanceOfEvent('webhook', NEWS), { input: { channel: 'webhook', news: NEWS } }],
    ]);
  });

  it('start none beside one that runs, however often the message comes', async () => {
    const app = createApp({ channels: ['slack'] });
    for (let time = 0; time < 3; time++) await app.takeNews(NEWS);
    expect(app.engine.started).toBe(1);
  });

  it('start none where no channel is set up', async () => {
    const app = createApp();
    await app.takeNews(NEWS);
    expect(app.engine.started).toBe(0);
  });
});
