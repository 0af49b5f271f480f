import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { channelsOf, type NotifySettings } from '../../../shared/notify/channels.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const WEBHOOK: NotifySettings = {
  RDP_MEDIC_NOTIFY_WEBHOOK: 'https://events.contoso.example/x?token=hunter2',
  RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS: 'events.contoso.example',
  RDP_MEDIC_NOTIFY_WEBHOOK_SECRET: SECRET,
};

/** What people copy to begin with. */
const EXAMPLE_FILE = join(import.meta.dirname, '../../../local.settings.example.json');
const EXAMPLE = z.object({ Values: z.record(z.string(), z.string()) });

describe('Channels', () => {
  it.each<[string, NotifySettings, string[]]>([
    ['nothing', {}, []],
    ['nothing, by empty settings', EXAMPLE.parse(JSON.parse(readFileSync(EXAMPLE_FILE, 'utf8'))).Values, []],
    [
      'a Teams workflow of either kind of address',
      { RDP_MEDIC_NOTIFY_TEAMS: 'https://prod-1.westus.logic.azure.com:443/workflows/1?sig=hunter2' },
      ['teams'],
    ],
    [
      'a Teams workflow of the newer address',
      {
        RDP_MEDIC_NOTIFY_TEAMS: 'https://0a.1b.environment.api.powerplatform.com/powerautomate/x?sig=hunter2',
      },
      ['teams'],
    ],
    ['Slack', { RDP_MEDIC_NOTIFY_SLACK: 'https://hooks.slack.com/services/hunter2' }, ['slack']],
    ['a webhook with its hosts and its secret', WEBHOOK, ['webhook']],
  ])('are what is set up: %s', (_what, settings, names) => {
    const { channels, faults } = channelsOf(settings);
    expect(channels.map(({ name }) => name)).toEqual(names);
    expect(faults).toEqual([]);
  });

  it.each<[string, NotifySettings, RegExp]>([
    [
      'an address of another host than the channel has',
      { RDP_MEDIC_NOTIFY_SLACK: 'https://hooks.slack.com.evil.example/hunter2' },
      /^RDP_MEDIC_NOTIFY_SLACK: .*hooks\.slack\.com/,
    ],
    [
      'an address without TLS',
      { RDP_MEDIC_NOTIFY_TEAMS: 'http://prod-1.westus.logic.azure.com/hunter2' },
      /^RDP_MEDIC_NOTIFY_TEAMS: .*HTTPS/,
    ],
    [
      'a webhook without the list of its hosts',
      { ...WEBHOOK, RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS: undefined },
      /RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS/,
    ],
    ['hosts that are none', { RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS: '*' }, /^RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS/],
    [
      'a webhook without a secret',
      { ...WEBHOOK, RDP_MEDIC_NOTIFY_WEBHOOK_SECRET: undefined },
      /^RDP_MEDIC_NOTIFY_WEBHOOK_SECRET/,
    ],
    [
      'a secret that is too short',
      { ...WEBHOOK, RDP_MEDIC_NOTIFY_WEBHOOK_SECRET: 'whsec_aHVudGVyMg==' },
      /^RDP_MEDIC_NOTIFY_WEBHOOK_SECRET/,
    ],
  ])('are not set up, and are told without the value: %s', (_what, settings, fault) => {
    const { channels, faults } = channelsOf(settings);
    expect(channels).toEqual([]);
    expect(faults.join('\n')).toMatch(fault);
    expect(faults.join('\n')).not.toMatch(/hunter2|aHVudGVyMg/);
  });
});
