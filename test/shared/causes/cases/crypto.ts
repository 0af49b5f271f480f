import type { Change } from '../../../../shared/model/change.ts';
import { SCHANNEL, SUITE_LIST, SUITE_POLICY } from '../../../../shared/causes/schannel.ts';
import { SUITE_LISTS } from '../../../../shared/causes/suites.ts';
import { certificate, certificates, keys, onDisk, part, serviceIs, value, type Edit } from '../facts.ts';
import { registry, restart, type Case } from './case.ts';

const gone = { state: 'missing' as const, owner: '', sddl: '', error: null };
const both = restart('SessionEnv', 'TermService');
const start = (service: 'KeyIso' | 'CryptSvc' | 'CertPropSvc', set = 'CurrentControlSet'): Change => ({
  do: 'Set-ServiceStart',
  set,
  service,
  start: service === 'CryptSvc' ? 'Automatic' : 'Manual',
  account: 'keep',
  run: set === 'CurrentControlSet',
});
const disabled = (name: string) => serviceIs(name, { state: 'Stopped', start: 'Disabled', pid: 0 });

const services: Case[] = [
  {
    what: 'all three disabled: CertPropSvc only matters for a new certificate, and comes along',
    cause: 'crypto-services',
    edits: ['KeyIso', 'CryptSvc', 'CertPropSvc'].map(disabled),
    finds: ['!CryptoServiceDisabled', '!CryptoServiceDisabled', '?CryptoServiceDisabled'],
    changes: [start('KeyIso'), start('CryptSvc'), start('CertPropSvc'), both],
  },
  {
    what: 'only CertPropSvc, and the certificate is good',
    cause: 'crypto-services',
    edits: [disabled('CertPropSvc')],
    finds: ['?CryptoServiceDisabled'],
    changes: [],
  },
  {
    what: 'KeyIso disabled on a disk',
    cause: 'crypto-services',
    edits: [onDisk, value('Services\\KeyIso', 'Start', 4)],
    finds: ['!CryptoServiceDisabled'],
    changes: [start('KeyIso', 'ControlSet001')],
  },
];

const folder: Case[] = [
  {
    what: 'MachineKeys gone: folder first, then certificate and key anew',
    cause: 'machine-keys-missing',
    edits: [keys({ folder: gone, rdpKey: gone, opens: 'unknown', files: 0 })],
    finds: ['!MachineKeysMissing'],
    changes: [
      { do: 'Repair-KeyAccess', what: 'folder' },
      { do: 'Renew-Certificate', thumbprints: [certificate().thumbprint], others: false, keyAside: false },
    ],
  },
];

const RSA = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
const ECDSA = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';
const byPolicy = (...suites: string[]) => value(SUITE_POLICY, 'Functions', suites.join(','), '');
const local = (...suites: string[]) => value(SUITE_LIST, 'Functions', suites);
const writeList = (before: string[], after: string[]): Change => ({
  do: 'registry',
  hive: 'system',
  set: 'CurrentControlSet',
  path: SUITE_LIST,
  name: 'Functions',
  before: { kind: 'MultiString', data: before },
  after: { kind: 'MultiString', data: after },
});
const server2019: Edit = (facts) => {
  facts.windows.build = 17_763;
};

const suites: Case[] = [
  {
    what: 'only suites for ECDSA by a policy of nobody',
    cause: 'cipher-suites',
    edits: [byPolicy(ECDSA)],
    finds: ['!CipherSuitesUnusable'],
    changes: [registry(SUITE_POLICY, 'Functions', ECDSA, null, '')],
  },
  {
    what: 'the same by a Group Policy, which is named and left',
    cause: 'cipher-suites',
    edits: [
      byPolicy(ECDSA),
      part({
        policies: {
          total: 1,
          items: [{ key: `SOFTWARE\\${SUITE_POLICY}`, name: 'Functions', gpo: 'CORP' }],
          error: null,
        },
      }),
    ],
    finds: ['!CipherSuitesSetByPolicy'],
    changes: [],
  },
  {
    what: "only suites for ECDSA in the VM's own list",
    cause: 'cipher-suites',
    edits: [local(ECDSA)],
    finds: ['!CipherSuitesUnusable'],
    changes: [writeList([ECDSA], SUITE_LISTS.with13)],
  },
  {
    what: 'an empty list of its own, below Windows Server 2022',
    cause: 'cipher-suites',
    edits: [server2019, local()],
    finds: ['!CipherListEmpty'],
    changes: [writeList([], SUITE_LISTS.without13)],
  },
  {
    what: 'suites for ECDSA beside an ECDSA certificate',
    cause: 'cipher-suites',
    edits: [certificates(certificate({ algorithm: 'ECDSA', bits: 256 })), local(ECDSA)],
    finds: [],
    changes: [],
  },
  {
    what: 'suites of TLS 1.3, which name no kind of key',
    cause: 'cipher-suites',
    edits: [byPolicy('TLS_AES_256_GCM_SHA384', ECDSA)],
    finds: [],
    changes: [],
  },
  {
    what: 'the same below Windows Server 2022, which has no TLS 1.3',
    cause: 'cipher-suites',
    edits: [server2019, byPolicy('TLS_AES_256_GCM_SHA384', ECDSA)],
    finds: ['!CipherSuitesUnusable'],
    changes: [registry(SUITE_POLICY, 'Functions', `TLS_AES_256_GCM_SHA384,${ECDSA}`, null, '')],
  },
  {
    what: 'a bad list of its own behind a good one of the policy',
    cause: 'cipher-suites',
    edits: [byPolicy(RSA), local(ECDSA)],
    finds: ['?CipherSuitesUnusable'],
    changes: [],
  },
];

const off = (algorithm: string) => value(`${SCHANNEL}\\${algorithm}`, 'Enabled', 0);
const on = (algorithm: string) => registry(`${SCHANNEL}\\${algorithm}`, 'Enabled', 0, 0xffff_ffff);

const algorithms: Case[] = [
  ...[
    ['Ciphers\\AES 128/128', 'Ciphers\\AES 256/256'],
    ['Hashes\\SHA256', 'Hashes\\SHA384'],
    ['KeyExchangeAlgorithms\\ECDH', 'KeyExchangeAlgorithms\\PKCS'],
  ].map((names) => ({
    what: `${names.join(' and ')} off`,
    cause: 'schannel-algorithms',
    edits: names.map(off),
    finds: ['!SchannelAlgorithmsOff'],
    changes: names.map(on),
  })),
  {
    what: 'one cipher of two off, which others do without',
    cause: 'schannel-algorithms',
    edits: [off('Ciphers\\AES 128/128')],
    finds: ['?SchannelAlgorithmsOff'],
    changes: [],
  },
];

export const CRYPTO: readonly Case[] = [...services, ...folder, ...suites, ...algorithms];
