import { isAllowedAddress } from '../intake/tickets/reply-address.ts';
import type { ChannelName } from '../model/notify.ts';

/** Where notifications of a channel go. The address is a secret: who has it may write into the channel. */
export interface Channel {
  readonly name: ChannelName;
  readonly address: string;
  readonly allowedHosts: readonly string[];
  /** Key by which the webhook's receiver knows who sent it. */
  readonly secret?: Buffer;
}

/** What is set of it, each already of its kind. */
export interface NotifySettings {
  readonly RDP_MEDIC_NOTIFY_TEAMS?: string | undefined;
  readonly RDP_MEDIC_NOTIFY_SLACK?: string | undefined;
  readonly RDP_MEDIC_NOTIFY_WEBHOOK?: string | undefined;
  readonly RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS?: string | undefined;
  readonly RDP_MEDIC_NOTIFY_WEBHOOK_SECRET?: string | undefined;
}

/** Where the "When a Teams webhook request is received" trigger of Power Automate listens: the older and the newer addresses. */
const TEAMS_HOSTS = ['*.logic.azure.com', '*.api.powerplatform.com', '*.api.powerautomate.com'];
/** docs.slack.dev, "Sending messages using incoming webhooks"; the second is GovSlack's. */
const SLACK_HOSTS = ['hooks.slack.com', 'hooks.slack-gov.com'];
const HOST = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/**
 * The channels that are set up, where an empty setting is one that is left out, and a sentence for each that does not fit. No value is repeated in those: they are secrets.
 */
export function channelsOf(settings: NotifySettings): { channels: Channel[]; faults: string[] } {
  const channels: Channel[] = [];
  const faults: string[] = [];
  const add = (
    setting: keyof NotifySettings,
    channel: Channel | undefined,
    hosts: readonly string[],
  ): void => {
    if (!channel) return;
    if (isAllowedAddress(channel.address, hosts)) channels.push(channel);
    else
      faults.push(
        `${setting}: the address must use HTTPS on the default port, on one of these hosts: ${hosts.join(', ') || 'RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS'}.`,
      );
  };
  const plain = (name: ChannelName, address: string | undefined, allowedHosts: readonly string[]) =>
    address ? { name, address, allowedHosts } : undefined;
  add('RDP_MEDIC_NOTIFY_TEAMS', plain('teams', settings.RDP_MEDIC_NOTIFY_TEAMS, TEAMS_HOSTS), TEAMS_HOSTS);
  add('RDP_MEDIC_NOTIFY_SLACK', plain('slack', settings.RDP_MEDIC_NOTIFY_SLACK, SLACK_HOSTS), SLACK_HOSTS);
  const hosts = hostsOf(settings.RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS, faults);
  add('RDP_MEDIC_NOTIFY_WEBHOOK', webhookOf(settings, hosts, faults), hosts);
  return { channels, faults };
}

function hostsOf(list: string | undefined, faults: string[]): string[] {
  const hosts = (list ?? '')
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter(Boolean);
  if (!hosts.every((host) => HOST.test(host)))
    faults.push(
      'RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS: must be host names separated by commas; *.example.com matches any subdomain.',
    );
  return hosts.filter((host) => HOST.test(host));
}

/** One that is not signed is not sent: its receiver could not tell it from anybody else's. */
function webhookOf(
  { RDP_MEDIC_NOTIFY_WEBHOOK: address, RDP_MEDIC_NOTIFY_WEBHOOK_SECRET: secret }: NotifySettings,
  allowedHosts: readonly string[],
  faults: string[],
): Channel | undefined {
  if (!address) return undefined;
  const key = keyOf(secret);
  if (key) return { name: 'webhook', address, allowedHosts, secret: key };
  faults.push(
    'RDP_MEDIC_NOTIFY_WEBHOOK_SECRET: must be whsec_ followed by 24 to 64 bytes in base64, and set together with RDP_MEDIC_NOTIFY_WEBHOOK.',
  );
  return undefined;
}

/** Standard Webhooks, "Symmetric signatures": the secret's form and its length. */
function keyOf(secret: string | undefined): Buffer | undefined {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret ?? '') ?? [];
  const key = encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
  return key && key.length >= 24 && key.length <= 64 ? key : undefined;
}
