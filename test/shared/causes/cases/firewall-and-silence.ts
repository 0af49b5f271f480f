import type { Change } from '../../../../shared/model/change.ts';
import { RDP_TCP, TERMINAL_SERVER } from '../../../../shared/causes/listener.ts';
import { ended, key, listeners, onDisk, part, rule, rules, serviceIs, value, type Edit } from '../facts.ts';
import { restart, type Case } from './case.ts';

const ALLOW = 'Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389';
const BLOCK = 'Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3389';
const UDP = rule({ name: 'RemoteDesktop-UserMode-In-UDP' });
const member: Edit = (facts) => {
  facts.windows.domain = 'contoso.example';
};
const own = (fields: string) => rules(rule({ fields: `${ALLOW}|${fields}` }), UDP);
const set = (...fields: Extract<Change, { do: 'Set-FirewallRule' }>['fields']): Change => ({
  do: 'Set-FirewallRule',
  set: 'CurrentControlSet',
  rule: 'RemoteDesktop-UserMode-In-TCP',
  port: 3389,
  fields,
});

const scope: Case[] = [
  {
    what: 'a rule for domain networks in a workgroup',
    cause: 'firewall-rule-scope',
    edits: [own('Profile=Domain')],
    finds: ['!FirewallRuleProfile'],
    changes: [set('profile')],
  },
  {
    what: 'a rule for domain networks in a domain: it fails only without a controller',
    cause: 'firewall-rule-scope',
    edits: [member, own('Profile=Domain|Profile=Private')],
    finds: ['?FirewallRuleProfile'],
    changes: [],
  },
  {
    what: 'a rule for public networks in a domain',
    cause: 'firewall-rule-scope',
    edits: [member, own('Profile=Public')],
    finds: ['!FirewallRuleProfile'],
    changes: [set('profile')],
  },
  {
    what: 'a rule for some addresses, and nobody said from where RDP is to be reached',
    cause: 'firewall-rule-scope',
    edits: [own('RA4=10.0.0.0/255.0.0.0')],
    finds: ['?FirewallRuleAddresses'],
    changes: [],
  },
  ...['10.0.0.0/255.0.0.0', '10.0.0.1-10.0.0.9', 'LocalSubnet', '198.51.99.255'].map((range) => ({
    what: `a rule for ${range}, and none of the addresses that the request names`,
    cause: 'firewall-rule-scope',
    edits: [own(`RA4=${range}`)],
    options: { rdpSources: ['198.51.100.0/24'] },
    finds: ['!FirewallRuleAddresses'],
    changes: [set('address')],
  })),
  ...['198.51.100.0/255.255.255.0', '198.51.100.7', '198.51.100.9-198.51.101.3', '198.51.0.0/16'].map(
    (range) => ({
      what: `a rule for ${range}, which lets one of them in`,
      cause: 'firewall-rule-scope',
      edits: [own(`RA4=${range}`)],
      options: { rdpSources: ['198.51.100.0/24'] },
      finds: ['?FirewallRuleAddresses'],
      changes: [],
    }),
  ),
  {
    what: 'only UDP limited',
    cause: 'firewall-rule-scope',
    edits: [
      rules(
        rule(),
        rule({ name: UDP.name, fields: 'Action=Allow|Active=TRUE|Dir=In|Protocol=17|Profile=Domain' }),
      ),
    ],
    finds: ['?FirewallRuleProfile'],
    changes: [],
  },
];

const block = (fields: string, source: 'local' | 'policy' = 'local') =>
  rules(rule(), UDP, rule({ name: 'Contoso-Block-RDP', fields, source }));

const blocks: Case[] = [
  {
    what: 'a rule that blocks the port',
    cause: 'firewall-block-rule',
    edits: [block(BLOCK)],
    finds: ['!FirewallBlockRule'],
    changes: [
      {
        do: 'Set-FirewallRule',
        set: 'CurrentControlSet',
        // SHA-256 of CONTOSO-BLOCK-RDP in UTF-16LE.
        rule: { blocks: 'E469CF584D47A661D5C6A5DB9B912710B0F77E4E3FD33BE622D64CCE4E01A1DB' },
        port: 3389,
        fields: ['off'],
      },
    ],
  },
  {
    what: 'the same by a policy, which is named and left',
    cause: 'firewall-block-rule',
    edits: [block('Action=Block|Active=TRUE|Dir=In|LPort2_10=3000-4000', 'policy')],
    finds: ['!FirewallBlockRuleByPolicy'],
    changes: [],
  },
  ...[
    'Action=Block|Active=FALSE|Dir=In|Protocol=6|LPort=3389',
    'Action=Block|Active=TRUE|Dir=Out|Protocol=6|LPort=3389',
    'Action=Block|Active=TRUE|Dir=In|Protocol=17|LPort=3389',
    'Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3390|LPort=RPC',
    `${BLOCK}|RA4=203.0.113.11`,
    `${BLOCK}|RA6=2001:db8::/32`,
    `${BLOCK}|LA4=10.0.0.9`,
    `${BLOCK}|Profile=Domain`,
    `${BLOCK}|App=C:\\Contoso\\game.exe`,
    `${BLOCK}|App=%SystemRoot%\\system32\\svchost.exe|Svc=lltdsvc`,
  ].map((fields) => ({
    what: `a rule that does not keep everybody from RDP: ${fields}`,
    cause: 'firewall-block-rule',
    edits: [block(fields)],
    finds: [],
    changes: [],
  })),
];

const silent = [
  listeners(),
  part({ handshake: { stage: 'connect' as const, protocol: '', thumbprint: '' } }),
];
const mute = part({ handshake: { stage: 'negotiate' as const, protocol: '', thumbprint: '' } });
const both = restart('SessionEnv', 'TermService');

const silence: Case[] = [
  {
    what: 'TermService that runs and does not listen',
    cause: 'term-service-silent',
    edits: silent,
    finds: ['!TermServiceSilent'],
    changes: [both],
  },
  {
    what: 'TermService that listens and does not answer',
    cause: 'term-service-silent',
    edits: [mute],
    finds: ['!TermServiceSilent'],
    changes: [both],
  },
  {
    what: 'the same after a restart: another one would not help',
    cause: 'term-service-silent',
    edits: [mute],
    done: [ended(both, 'restarted')],
    finds: ['!TermServiceSilent'],
    changes: [],
  },
  {
    what: 'TermService that has only begun',
    cause: 'term-service-silent',
    edits: [...silent, serviceIs('TermService', { startedAt: '2026-11-20T11:59:30.000Z' })],
    finds: [],
    changes: [],
  },
  {
    what: 'TermService whose start Windows does not tell',
    cause: 'term-service-silent',
    edits: [...silent, serviceIs('TermService', { startedAt: null })],
    finds: ['!TermServiceSilent'],
    changes: [both],
  },
  ...[
    ['drain mode', value(TERMINAL_SERVER, 'TSServerDrainMode', 1)],
    ['one network adapter only', value(RDP_TCP, 'LanAdapter', 2)],
    ['settings that could not be read', key(RDP_TCP, 'unread')],
    ['a disk', onDisk],
  ].map(([what, edit]) => ({
    what: `silence that is explained by ${String(what)}`,
    cause: 'term-service-silent',
    edits: [...silent, ...(typeof edit === 'function' ? [edit] : [])],
    finds: [],
    changes: [],
  })),
];

export const FIREWALL_AND_SILENCE: readonly Case[] = [...scope, ...blocks, ...silence];
