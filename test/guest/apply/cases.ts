import { malformValue } from '../../../lab/fleet/faults/registry.ts';
import { RDP_TCP, TERMINAL_SERVER } from '../../../lab/windows/rdp/settings.ts';
import { diskOf } from './support.ts';

import {
  type Case,
  SCHANNEL,
  broken,
  emptySuites,
  loseListener,
  number,
  plain,
  restart,
  setting,
  suites,
} from './case.ts';
import { VERBS } from './verb-cases.ts';

const PLAIN: readonly Case[] = [
  {
    what: 'connections are let in',
    make: () => diskOf('rdp-denied'),
    changes: (_, set) => [plain(set, TERMINAL_SERVER, 'fDenyTSConnections', number(1), number(0))],
    words: ['written'],
    serves: true,
  },
  {
    what: 'TLS is switched on, Group Policy held, an empty policy removed, a key made',
    make: broken(
      setting(`${SCHANNEL}\\TLS 1.2\\Server`, 'Enabled', 0),
      setting(`${SCHANNEL}\\TLS 1.2\\Server`, 'DisabledByDefault', 1),
      emptySuites,
    ),
    changes: (_, set) => [
      plain(set, 'Services\\gpsvc', 'Start', number(2), number(4)),
      plain(set, `${SCHANNEL}\\TLS 1.3\\Server`, 'DisabledByDefault', null, number(0)),
      plain(set, `${SCHANNEL}\\TLS 1.3\\Server`, 'Enabled', null, number(1)),
      plain(set, `${SCHANNEL}\\TLS 1.2\\Server`, 'DisabledByDefault', number(1), number(0)),
      plain(set, `${SCHANNEL}\\TLS 1.2\\Server`, 'Enabled', number(0), number(1)),
      plain('', suites, 'Functions', { kind: 'MultiString', data: [] }, null),
    ],
    words: ['written', 'written', 'written', 'written', 'written', 'written'],
  },
  {
    what: 'the listener is written anew, a number above 0x7FFFFFFF among it',
    make: broken(loseListener),
    changes: (facts, set) => [
      plain(set, RDP_TCP, 'MaxInstanceCount', null, number(0xffff_ffff)),
      plain(set, RDP_TCP, 'WdName', null, { kind: 'String', data: 'Microsoft RDP 8.0' }),
      plain(set, RDP_TCP, 'PortNumber', null, number(3389)),
      plain(set, RDP_TCP, 'SecurityLayer', null, number(2)),
      plain(set, RDP_TCP, 'MinEncryptionLevel', null, number(3)),
      plain(set, RDP_TCP, 'fEnableWinStation', null, number(1)),
      ...(facts.scope === 'online' ? [restart(facts)] : []),
    ],
    words: ['written', 'written', 'written', 'written', 'written', 'written', 'restarted'],
    serves: true,
  },
  {
    what: 'a value whose bytes do not fit is overwritten',
    make: broken(malformValue(RDP_TCP, 'UserAuthentication', 3)),
    changes: (facts, set) => {
      const key = facts.registry.find((one) => one.path === RDP_TCP);
      const bytes = key?.values.find(({ name }) => name === 'UserAuthentication')?.data;
      return [plain(set, RDP_TCP, 'UserAuthentication', { kind: 'Binary', data: String(bytes) }, number(1))];
    },
    words: ['written'],
    serves: true,
  },
];

export const ONLINE_CASES = [...PLAIN, ...VERBS].filter(({ only }) => only !== 'offline');
export const OFFLINE_CASES = [...PLAIN, ...VERBS]
  .filter(({ only }) => only !== 'online')
  .map(({ words, onDisk, ...one }) => ({ ...one, words: onDisk ?? words.flatMap(wordOnDisk) }));

/** A restart is not in the list there, and a new certificate comes with the next start. */
function wordOnDisk(word: string): string[] {
  return word === 'restarted' ? [] : [word === 'renewed' ? 'deleted' : word];
}

/** Another service on a port of its own, for tests of ports. */
