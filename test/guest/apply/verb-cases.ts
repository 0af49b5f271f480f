import {
  addExpiredIssued,
  addManyExpired,
  bindUnreadableCertificate,
  corruptCertificate,
  damageKey,
} from '../../../lab/fleet/faults/certificate.ts';
import { blockPort, limitRdpRule } from '../../../lab/fleet/faults/firewall.ts';
import { denyKeyFromAbove, loseKey, removeMachineKeys } from '../../../lab/fleet/faults/machine-keys.ts';
import { excludePort } from '../../../lab/fleet/faults/port.ts';
import { changeAccount, disableService, fallSilent } from '../../../lab/fleet/faults/services.ts';
import { RDP_TCP } from '../../../lab/windows/rdp/settings.ts';
import { NOW } from '../support/guest.ts';
import { diskOf } from './support.ts';

import {
  type Case,
  TCP_RULE,
  thumbprints,
  UDP_RULE,
  broken,
  hashOf,
  loseRule,
  needGateway,
  renew,
  restart,
  setting,
  supervise,
} from './case.ts';

export const VERBS: readonly Case[] = [
  {
    what: 'Take-Port frees the port of a service and of what needs it',
    make: () => diskOf('rdp-port', needGateway),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 3389, to: 0 }],
    words: ['freed'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Take-Port moves away from a service that does not stop',
    make: () => diskOf('rdp-port-stubborn'),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 3389, to: 0 }],
    words: ['moved'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Take-Port moves away from a service that comes back, and gives it back',
    make: () => diskOf('rdp-port', supervise),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 3389, to: 0 }],
    words: ['moved'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Take-Port moves out of a reserved range',
    make: broken(excludePort),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 3389, to: 0 }],
    words: ['moved'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Take-Port mends a number that is no port',
    make: broken(setting(RDP_TCP, 'PortNumber', 0xffff_ffff)),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 0xffff_ffff, to: 3389 }],
    words: ['moved'],
    serves: true,
  },
  {
    what: 'Take-Port moves RDP on a disk',
    make: () => diskOf('rdp-port'),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 3389, to: 3390 }],
    words: ['moved'],
    only: 'offline',
  },
  {
    what: 'Restart-RdpServices brings a silent TermService back',
    make: broken(fallSilent),
    changes: (facts) => [restart(facts)],
    words: ['restarted'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Repair-KeyAccess gives folder and key back',
    make: () => diskOf('machine-keys'),
    changes: (facts) => [
      { do: 'Repair-KeyAccess', what: 'folder' },
      { do: 'Repair-KeyAccess', what: 'rdp-key' },
      ...(facts.scope === 'online' ? [restart(facts)] : []),
    ],
    words: ['repaired', 'repaired', 'restarted'],
    serves: true,
  },
  {
    what: 'Repair-KeyAccess frees the key of what its folder denies',
    make: broken(denyKeyFromAbove),
    changes: (facts) => [
      { do: 'Repair-KeyAccess', what: 'rdp-key' },
      ...(facts.scope === 'online' ? [restart(facts)] : []),
    ],
    words: ['repaired', 'restarted'],
    serves: true,
  },
  {
    what: 'Repair-KeyAccess lets NETWORK SERVICE read the bound key',
    make: broken(bindUnreadableCertificate(NOW)),
    changes: (facts) => [
      { do: 'Repair-KeyAccess', what: 'bound-key' },
      ...(facts.scope === 'online' ? [restart(facts)] : []),
    ],
    words: ['repaired', 'restarted'],
    serves: true,
  },
  {
    what: 'Repair-KeyAccess makes a missing folder',
    make: broken(removeMachineKeys),
    changes: (facts) => [
      { do: 'Repair-KeyAccess', what: 'folder' },
      ...(facts.scope === 'online' ? [renew(facts)] : []),
    ],
    words: ['made', 'renewed'],
    onDisk: ['made'],
    serves: true,
  },
  {
    what: 'Renew-Certificate replaces an expired one',
    make: () => diskOf('rdp-certificate'),
    changes: (facts) => [renew(facts)],
    words: ['renewed'],
    serves: true,
  },
  {
    what: 'Renew-Certificate replaces a corrupt one',
    make: broken((disk) => {
      corruptCertificate(disk, NOW);
    }),
    changes: (facts) => [renew(facts)],
    words: ['renewed'],
    serves: true,
  },
  {
    what: 'Renew-Certificate deletes one that has lost its key',
    make: broken(loseKey),
    changes: (facts) => [renew(facts)],
    words: ['renewed'],
    serves: true,
  },
  {
    what: 'Renew-Certificate deletes more than the facts can name',
    make: () => diskOf('rdp-certificate', addManyExpired(24, NOW)),
    changes: (facts) => [
      { do: 'Renew-Certificate', thumbprints: thumbprints(facts).slice(0, 3), others: true, keyAside: false },
    ],
    words: ['renewed'],
    serves: true,
  },
  {
    what: 'Renew-Certificate keeps what an authority gave',
    make: () =>
      diskOf('rdp-certificate', (disk) => {
        addExpiredIssued(disk, NOW);
      }),
    changes: (facts) => [renew(facts)],
    // It stays, and Windows makes its own beside it.
    words: ['renewed'],
    onDisk: ['deleted'],
  },
  {
    what: 'Renew-Certificate moves a damaged key aside',
    make: broken(damageKey),
    changes: (facts) => [renew(facts, true)],
    words: ['renewed'],
    serves: true,
  },
  {
    what: 'Set-ServiceStart brings services back to their defaults',
    make: broken(
      disableService('SessionEnv'),
      changeAccount('TermService', '.\\svc-rdp'),
      disableService('UmRdpService'),
    ),
    changes: (_, set) => [
      { do: 'Set-ServiceStart', set, service: 'SessionEnv', start: 'Manual', account: 'keep', run: true },
      { do: 'Set-ServiceStart', set, service: 'UmRdpService', start: 'Manual', account: 'keep', run: false },
      { do: 'Set-ServiceStart', set, service: 'TermService', start: 'Manual', account: 'default', run: true },
    ],
    words: ['set', 'set', 'set'],
    serves: true,
  },
  {
    what: 'Set-FirewallRule opens a rule that is off, blocks and holds for few',
    make: () => diskOf('rdp-firewall', limitRdpRule({ profile: 'Private', remote: '10.0.0.0/255.0.0.0' })),
    changes: (_, set) => [
      { do: 'Set-FirewallRule', set, rule: UDP_RULE, port: 3389, fields: ['active'] },
      {
        do: 'Set-FirewallRule',
        set,
        rule: TCP_RULE,
        port: 3390,
        fields: ['active', 'action', 'port', 'profile', 'address'],
      },
    ],
    words: ['set', 'set'],
  },
  {
    what: 'Set-FirewallRule makes a rule that is gone, and switches a Block rule off',
    make: broken(loseRule, blockPort(3389, 'Contoso {B} block')),
    changes: (_, set) => [
      { do: 'Set-FirewallRule', set, rule: TCP_RULE, port: 3389, fields: ['make'] },
      {
        do: 'Set-FirewallRule',
        set,
        rule: { blocks: hashOf('Contoso {B} block') },
        port: 3389,
        fields: ['off'],
      },
    ],
    words: ['set', 'set'],
    serves: true,
  },
  {
    what: 'Refresh-Policy gives Group Policy back',
    make: broken(setting('Services\\gpsvc', 'Start', 4)),
    changes: () => [{ do: 'Refresh-Policy' }],
    words: ['refreshed'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Set-SerialConsole, generation 2',
    make: () => diskOf('healthy'),
    changes: () => [{ do: 'Set-SerialConsole' }],
    words: ['set'],
    only: 'offline',
  },
  {
    what: 'Set-SerialConsole, generation 1',
    make: () => diskOf('rdp-firewall'),
    changes: () => [{ do: 'Set-SerialConsole' }],
    words: ['set'],
    only: 'offline',
  },
];
