import { RDP_TCP, TERMINAL_SERVICES_POLICY } from '../../../../shared/causes/listener.ts';
import { protocolKey, SUITE_POLICY } from '../../../../shared/causes/schannel.ts';
import type { Change } from '../../../../shared/model/change.ts';
import { ended, onDisk, part, serviceIs, value } from '../facts.ts';
import { registry, restart, type Case } from './case.ts';

const GPSVC = 'Services\\gpsvc';
const server = (version: '1.0' | '1.1' | '1.2' | '1.3') => protocolKey(`TLS ${version}`, 'Server');
const switchOn = (version: '1.0' | '1.1' | '1.2' | '1.3', set?: string): Change[] => [
  registry(server(version), 'DisabledByDefault', version === '1.2' ? 1 : null, 0, set),
  registry(server(version), 'Enabled', version === '1.2' ? 0 : null, 1, set),
];
const off = [value(server('1.2'), 'Enabled', 0), value(server('1.2'), 'DisabledByDefault', 1)];
const hold = registry(GPSVC, 'Start', 2, 4);
const refresh: Change = { do: 'Refresh-Policy' };
const held = [value(GPSVC, 'Start', 4), part({ owed: ['group-policy'] })];
const gpsvcDown = serviceIs('gpsvc', { state: 'Stopped', start: 'Disabled', pid: 0 });

const protocols: Case[] = [
  {
    what: 'TLS 1.2 off',
    cause: 'tls',
    edits: off,
    finds: ['!TlsServerDisabled', '!TlsDisabledByDefault'],
    changes: [hold, ...switchOn('1.3'), ...switchOn('1.2')],
  },
  {
    what: 'TLS 1.2 off, and clients that know nothing newer than 1.0',
    cause: 'tls',
    edits: off,
    options: { legacyTls: true },
    finds: ['!TlsServerDisabled', '!TlsDisabledByDefault'],
    changes: [hold, ...switchOn('1.0'), ...switchOn('1.1'), ...switchOn('1.3'), ...switchOn('1.2')],
  },
  {
    what: 'TLS 1.3 off, which RDP does without',
    cause: 'tls',
    edits: [value(server('1.3'), 'Enabled', 0), value(server('1.3'), 'DisabledByDefault', 1)],
    finds: ['?TlsServerDisabled', '?TlsDisabledByDefault'],
    changes: [],
  },
  {
    what: 'TLS 1.2 off on a disk in which nobody could give Group Policy back; no 1.3 below build 20348',
    cause: 'tls',
    edits: [
      onDisk,
      ...off,
      (facts) => {
        facts.windows.build = 17_763;
      },
    ],
    options: { agentAnswers: false },
    finds: ['!TlsServerDisabled', '!TlsDisabledByDefault'],
    changes: switchOn('1.2', 'ControlSet001'),
  },
  {
    what: 'an empty policy for cipher suites',
    cause: 'tls',
    edits: [value(SUITE_POLICY, 'Functions', '', '')],
    finds: ['!CipherPolicyEmpty'],
    changes: [
      hold,
      ...[
        ...switchOn('1.3'),
        registry(server('1.2'), 'DisabledByDefault', null, 0),
        registry(server('1.2'), 'Enabled', null, 1),
      ],
      registry(SUITE_POLICY, 'Functions', '', null, ''),
    ],
  },
];

const groupPolicy: Case[] = [
  {
    what: 'TLS on again by this run, before its restart: Group Policy is not given back yet',
    cause: 'tls',
    edits: held,
    done: [ended(hold, 'written')],
    finds: ['?GroupPolicyServiceDisabled'],
    changes: [],
  },
  {
    what: 'the same after the restart',
    cause: 'tls',
    edits: [...held, gpsvcDown],
    done: [ended(hold, 'written')],
    finds: ['!GroupPolicyServiceDisabled'],
    changes: [refresh],
  },
  {
    what: 'Group Policy held off by a run that was cut off',
    cause: 'tls',
    edits: held,
    finds: ['!GroupPolicyServiceDisabled'],
    changes: [refresh],
  },
  {
    what: 'the refresh still owed',
    cause: 'tls',
    edits: [part({ owed: ['group-policy'] })],
    finds: ['!GroupPolicyOwed'],
    changes: [refresh],
  },
  {
    what: 'a service that starts only with Windows',
    cause: 'tls',
    edits: [part({ owed: ['group-policy'] }), gpsvcDown],
    done: [ended(refresh, 'needs-restart')],
    finds: ['!GroupPolicyNeedsRestart'],
    changes: [refresh],
  },
  {
    what: 'Group Policy switched off by somebody else, whose business it is',
    cause: 'tls',
    edits: [value(GPSVC, 'Start', 4)],
    finds: ['?GroupPolicyServiceDisabled'],
    changes: [],
  },
  {
    what: 'Group Policy off on a disk',
    cause: 'tls',
    edits: [onDisk, value(GPSVC, 'Start', 4)],
    finds: ['GroupPolicyServiceDisabled'],
    changes: [],
  },
  ...['no-domain-controller', 'needs-answer', 'timed-out'].map((word) => ({
    what: `a refresh that ended with ${word}: the service itself was given back`,
    cause: 'tls',
    edits: [],
    done: [ended(refresh, word)],
    finds: ['?PolicyRefreshIncomplete'],
    changes: [],
  })),
  {
    what: 'TLS off again after a refresh: only the domain can mend that',
    cause: 'tls',
    edits: [...off, part({ appliedPolicies: { total: 1, items: ['Hardening'], error: null } })],
    done: [ended(hold, 'written'), ended(refresh, 'refreshed')],
    finds: ['!TlsServerDisabled', '!TlsDisabledByDefault', '!TlsSetByPolicy'],
    changes: [],
  },
];

const layers: Case[] = [
  {
    what: 'the weakest layer, without NLA: all of the recommended state',
    cause: 'rdp-security-layer',
    edits: [value(RDP_TCP, 'SecurityLayer', 0), value(RDP_TCP, 'UserAuthentication', 0)],
    finds: ['!SecurityLayerWeak', '?NlaOff'],
    changes: [
      registry(RDP_TCP, 'UserAuthentication', 0, 1),
      registry(RDP_TCP, 'SecurityLayer', 0, 2),
      restart('TermService'),
    ],
  },
  {
    what: "NLA off, an administrator's choice",
    cause: 'rdp-security-layer',
    edits: [value(RDP_TCP, 'UserAuthentication', 0)],
    finds: ['?NlaOff'],
    changes: [],
  },
  {
    what: 'negotiation off beside NLA off: only what is at fault is changed',
    cause: 'rdp-security-layer',
    edits: [value(RDP_TCP, 'fAllowSecProtocolNegotiation', 0), value(RDP_TCP, 'UserAuthentication', 0)],
    finds: ['!NegotiationOff', '?NlaOff'],
    changes: [registry(RDP_TCP, 'fAllowSecProtocolNegotiation', 0, 1), restart('TermService')],
  },
  {
    what: 'TLS beside the low level; FIPS would be higher and stays',
    cause: 'rdp-security-layer',
    edits: [value(RDP_TCP, 'MinEncryptionLevel', 1)],
    finds: ['!EncryptionMismatch'],
    changes: [registry(RDP_TCP, 'MinEncryptionLevel', 1, 3), restart('TermService')],
  },
  {
    what: 'a policy that says otherwise',
    cause: 'rdp-security-layer',
    edits: [value(TERMINAL_SERVICES_POLICY, 'UserAuthentication', 0, '')],
    finds: ['?SecuritySetByPolicy'],
    changes: [],
  },
];

export const TLS_STEP: readonly Case[] = [...protocols, ...groupPolicy, ...layers];
