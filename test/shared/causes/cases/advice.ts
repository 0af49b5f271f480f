import { certificate, certificates, key, onDisk, part, serviceIs, value, type Edit } from '../facts.ts';
import type { Case } from './case.ts';

const member: Edit = (facts) => {
  facts.windows.domain = 'contoso.example';
};
const free = (bytes: number) => part({ space: { free: String(bytes), size: '136000000000' } });

/** What only a person can mend. */
export const ADVICE: readonly Case[] = [
  {
    what: 'no TermService',
    cause: 'term-service-missing',
    edits: [serviceIs('TermService', null)],
    finds: ['!TermServiceMissing'],
    changes: [],
  },
  {
    what: 'no TermService on a disk',
    cause: 'term-service-missing',
    edits: [onDisk, key('Services\\TermService', 'missing')],
    finds: ['!TermServiceMissing'],
    changes: [],
  },
  {
    what: 'services that could not be listed',
    cause: 'term-service-missing',
    edits: [part({ services: { total: 0, items: [], error: { code: 0x8004_1010, text: 'invalid class' } } })],
    finds: [],
    changes: [],
  },
  {
    what: 'a session host whose grace period is over',
    cause: 'rds-licensing',
    edits: [
      part({
        events: {
          total: 1,
          items: [{ provider: 'TermService', id: 1128, count: 1, last: '2026-11-20T11:00:00.000Z' }],
          error: null,
        },
      }),
    ],
    finds: ['!RdsGraceOver'],
    changes: [],
  },
  {
    what: 'a session host for which nobody named a licence server',
    cause: 'rds-licensing',
    edits: [value('Control\\Terminal Server\\RCM\\GracePeriod', '-', null)],
    finds: ['?RdsLicenseServerMissing'],
    changes: [],
  },
  {
    what: 'a session host with server and mode',
    cause: 'rds-licensing',
    edits: [
      value('Control\\Terminal Server\\RCM\\GracePeriod', '-', null),
      value('Services\\TermService\\Parameters\\LicenseServers', 'SpecifiedLicenseServers', [
        'lic.contoso.example',
      ]),
      value('Control\\Terminal Server\\RCM\\Licensing Core', 'LicensingMode', 4),
    ],
    finds: [],
    changes: [],
  },
  { what: 'a full disk', cause: 'disk-full', edits: [free(0)], finds: ['!DiskFull'], changes: [] },
  {
    what: 'little space',
    cause: 'disk-full',
    edits: [free(2 ** 29)],
    finds: ['?DiskAlmostFull'],
    changes: [],
  },
  {
    what: 'space that is not known',
    cause: 'disk-full',
    edits: [part({ space: null })],
    finds: [],
    changes: [],
  },
  {
    what: 'a clock two hours ahead in a domain',
    cause: 'clock-skew',
    edits: [member, part({ clockAheadSeconds: 7200 })],
    finds: ['!ClockSkew'],
    changes: [],
  },
  {
    what: 'the same in a workgroup',
    cause: 'clock-skew',
    edits: [part({ clockAheadSeconds: -7200 })],
    finds: ['?ClockSkew'],
    changes: [],
  },
  {
    what: "a clock a year ahead: the certificate is in time by everybody else's",
    cause: 'clock-skew',
    edits: [
      part({ at: '2027-11-20T12:00:00.000Z', clockAheadSeconds: 365 * 86_400 }),
      certificates(certificate()),
    ],
    finds: ['!ClockSkew'],
    changes: [],
  },
];
