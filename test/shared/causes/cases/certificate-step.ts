import { RDP_TCP, WIN_STATIONS } from '../../../../shared/causes/listener.ts';
import type { Change } from '../../../../shared/model/change.ts';
import {
  certificate,
  certificates,
  DENIED,
  ended,
  FOLDER_SDDL,
  keys,
  onDisk,
  part,
  value,
  type Edit,
} from '../facts.ts';
import { restart, type Case } from './case.ts';

const HASH = '00112233445566778899aabbccddeeff00112233';
const OWN = certificate().thumbprint;
const OLD = certificate({ notBefore: '2026-05-01T00:00:00.000Z', notAfter: '2026-11-01T00:00:00.000Z' });
const secured = (sddl: string) => ({ state: 'here' as const, owner: 'S-1-5-18', sddl, error: null });
const unseen = { state: 'unread' as const, owner: '', sddl: '', error: DENIED };
const gone = { state: 'missing' as const, owner: '', sddl: '', error: null };
const HARDENED = 'D:P(A;;FA;;;S-1-5-21-1-2-3-1104)';

const renew = (thumbprints: string[], keyAside = false): Change => ({
  do: 'Renew-Certificate',
  thumbprints,
  others: false,
  keyAside,
});
const both = restart('SessionEnv', 'TermService');

const bound = (
  change: Parameters<typeof certificate>[0] | null,
  boundKey = secured('D:(A;;FR;;;NS)'),
): Edit[] => [
  value(RDP_TCP, 'SSLCertificateSHA1Hash', { kind: 'Binary', data: HASH }),
  part({
    boundCertificate:
      change === null ? null : certificate({ thumbprint: HASH.toUpperCase(), selfIssued: false, ...change }),
  }),
  keys({ boundKey: change === null ? null : boundKey }),
];
const unbind: Change = {
  do: 'registry',
  hive: 'system',
  set: 'CurrentControlSet',
  path: RDP_TCP,
  name: 'SSLCertificateSHA1Hash',
  before: { kind: 'Binary', data: HASH },
  after: null,
};

const keyCases: Case[] = [
  {
    what: 'folder and key that nobody may read',
    cause: 'machine-keys',
    edits: [keys({ folder: secured(HARDENED), rdpKey: unseen, opens: 'unknown' })],
    finds: ['!MachineKeysUnreadable', '!MachineKeysUnreadable'],
    changes: [{ do: 'Repair-KeyAccess', what: 'folder' }, { do: 'Repair-KeyAccess', what: 'rdp-key' }, both],
  },
  {
    what: 'the same on a disk: Windows starts its services by itself',
    cause: 'machine-keys',
    edits: [onDisk, keys({ folder: unseen, rdpKey: unseen })],
    finds: ['!MachineKeysUnreadable', '!MachineKeysUnreadable'],
    changes: [
      { do: 'Repair-KeyAccess', what: 'folder' },
      { do: 'Repair-KeyAccess', what: 'rdp-key' },
    ],
  },
  {
    what: 'a denial that the key inherited: what is granted on the key itself counts first',
    cause: 'machine-keys',
    edits: [keys({ rdpKey: secured('D:(A;;FA;;;SY)(A;;FR;;;NS)(D;ID;FA;;;WD)') })],
    finds: [],
    changes: [],
  },
  {
    what: 'an inherited denial before an inherited grant',
    cause: 'machine-keys',
    edits: [keys({ rdpKey: secured('D:AI(A;ID;FA;;;SY)(A;ID;FR;;;NS)(D;ID;FR;;;NS)') })],
    finds: ['!MachineKeysUnreadable'],
    changes: [{ do: 'Repair-KeyAccess', what: 'rdp-key' }, both],
  },
  {
    what: 'a key that may be read and not opened',
    cause: 'machine-keys',
    edits: [keys({ opens: 'no', opensCode: 0x8009_001a })],
    finds: ['!MachineKeyDamaged'],
    changes: [renew([OWN], true), both],
  },
  {
    what: "a bound certificate that is good, and its key kept from TermService's account",
    cause: 'machine-keys',
    edits: bound({}, secured('D:(A;;FA;;;SY)(A;;FA;;;BA)')),
    finds: ['!MachineKeysUnreadable'],
    changes: [{ do: 'Repair-KeyAccess', what: 'bound-key' }, both],
  },
  {
    what: 'an error that says nothing about rights',
    cause: 'machine-keys',
    edits: [keys({ rdpKey: { ...unseen, error: { code: 32, text: 'in use' } } })],
    finds: [],
    changes: [],
  },
];

const certificateCases: Case[] = [
  {
    what: 'an expired certificate',
    cause: 'rdp-certificate',
    edits: [certificates(OLD)],
    finds: ['!CertificateExpired'],
    changes: [renew([OWN])],
  },
  {
    what: 'an expired certificate on a full disk: better than none',
    cause: 'rdp-certificate',
    edits: [certificates(OLD), part({ space: { free: '0', size: '136000000000' } })],
    finds: ['!CertificateExpired'],
    changes: [],
    beside: ['disk-full'],
  },
  {
    what: 'an expired certificate by a clock that would make the next one useless',
    cause: 'rdp-certificate',
    edits: [certificates(OLD), part({ clockAheadSeconds: 2 * 86_400 })],
    finds: ['!CertificateExpired'],
    changes: [],
    beside: ['clock-skew'],
  },
  {
    what: 'one of an authority that has expired: told, and left',
    cause: 'rdp-certificate',
    edits: [certificates({ ...OLD, selfIssued: false })],
    finds: ['!CertificateExpired'],
    changes: [],
  },
  {
    what: 'a corrupt certificate',
    cause: 'rdp-certificate',
    edits: [
      certificates({
        ...certificate(),
        state: 'corrupt',
        selfIssued: false,
        notBefore: null,
        notAfter: null,
      }),
    ],
    finds: ['!CertificateCorrupt'],
    changes: [renew([OWN])],
  },
  {
    what: 'no certificate',
    cause: 'rdp-certificate',
    edits: [certificates()],
    finds: ['!CertificateMissing'],
    changes: [renew([])],
  },
  {
    what: 'no certificate, since Windows looks for it elsewhere',
    cause: 'rdp-certificate',
    edits: [
      certificates(),
      value(WIN_STATIONS, 'SelfSignedCertStore', 'Elsewhere'),
      value('Microsoft\\Windows NT\\CurrentVersion\\ProfileList', 'ProgramData', 'D:\\Data', ''),
    ],
    finds: ['!CertificateMissing'],
    changes: [
      {
        do: 'registry',
        hive: 'system',
        set: 'CurrentControlSet',
        path: WIN_STATIONS,
        name: 'SelfSignedCertStore',
        before: { kind: 'String', data: 'Elsewhere' },
        after: { kind: 'String', data: 'Remote Desktop' },
      },
      {
        do: 'registry',
        hive: 'software',
        set: '',
        path: 'Microsoft\\Windows NT\\CurrentVersion\\ProfileList',
        name: 'ProgramData',
        before: { kind: 'String', data: 'D:\\Data' },
        after: { kind: 'ExpandString', data: '%SystemDrive%\\ProgramData' },
      },
      renew([]),
    ],
  },
  {
    what: 'no certificate on a disk: Windows makes one when it starts',
    cause: 'rdp-certificate',
    edits: [onDisk, certificates()],
    finds: [],
    changes: [],
  },
  {
    what: 'a certificate without its key: it is deleted, so that both are made',
    cause: 'rdp-certificate',
    edits: [keys({ rdpKey: gone, opens: 'unknown' })],
    finds: ['!CertificateKeyMissing'],
    changes: [renew([OWN])],
  },
  {
    what: 'an expired certificate that this machine refuses to delete',
    cause: 'rdp-certificate',
    edits: [certificates(OLD)],
    done: [ended(renew([OWN]), 'guarded', DENIED)],
    finds: ['!CertificateExpired', '!CertificateStoreGuarded'],
    changes: [renew([OWN])],
  },
  {
    what: 'an expired certificate beside a good bound one, which is what RDP serves',
    cause: 'rdp-certificate',
    edits: [certificates(OLD), ...bound({})],
    finds: [],
    changes: [],
  },
  {
    what: 'a bound certificate that has expired',
    cause: 'rdp-certificate',
    edits: bound({ notAfter: OLD.notAfter }),
    finds: ['!BoundCertificateExpired'],
    changes: [unbind, both],
  },
  {
    what: 'a bound certificate that is in no store',
    cause: 'rdp-certificate',
    edits: bound(null),
    finds: ['!BoundCertificateMissing'],
    changes: [unbind, both],
  },
  {
    what: 'a bound certificate without its key, and the own one expired',
    cause: 'rdp-certificate',
    edits: [
      ...bound({}, { ...secured(FOLDER_SDDL), state: 'here' }),
      keys({ boundKey: gone }),
      certificates(OLD),
    ],
    finds: ['!BoundCertificateMissing', '!CertificateExpired'],
    changes: [unbind, renew([OWN])],
  },
  {
    what: "a Connection Broker's certificate: its deployment's, not ours",
    cause: 'rdp-certificate',
    edits: [...bound(null), value('Services\\Tssdis', 'Start', 2)],
    finds: ['!BoundCertificateMissing', '?ConnectionBroker'],
    changes: [],
  },
  {
    what: 'a bound certificate that could not be looked for',
    cause: 'rdp-certificate',
    edits: [...bound(null), part({ unread: [{ what: 'boundCertificate', error: DENIED }] })],
    finds: [],
    changes: [],
  },
];

export const CERTIFICATE_STEP: readonly Case[] = [...keyCases, ...certificateCases];
