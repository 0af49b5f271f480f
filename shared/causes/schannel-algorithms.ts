import type { Change } from '../model/change.ts';
import type { Cause, Look, RegistryDomain } from './cause.ts';
import { findingsOf, whereFaulty } from './finding.ts';
import { dword, eachSet, fixedValue, inSet, numberOf, setValue } from './look.ts';
import { SCHANNEL } from './schannel.ts';

/** Old ones are rightly off; of each kind of these a client of today needs one. */
const NEEDED = [
  ['AES 128/128', 'AES 256/256'].map((name) => `Ciphers\\${name}`),
  ['SHA256', 'SHA384'].map((name) => `Hashes\\${name}`),
  ['ECDH', 'PKCS'].map((name) => `KeyExchangeAlgorithms\\${name}`),
];
/** As Windows documents "on". */
const ON = dword(0xffff_ffff);

const domainOf = (algorithm: string): RegistryDomain => ({
  hive: 'system',
  path: `${SCHANNEL}\\${algorithm}`,
  name: 'Enabled',
  after: [ON],
});

const FINDINGS = {
  SchannelAlgorithmsOff: 'algorithms that TLS 1.2 needs are disabled in SCHANNEL',
} as const;
const found = findingsOf('schannel-algorithms', FINDINGS);

function isOff({ facts }: Look, set: string, algorithm: string): boolean {
  return numberOf(facts, set, `${SCHANNEL}\\${algorithm}`, 'Enabled') === 0;
}

function offIn(look: Look, set: string): string[] {
  return NEEDED.flat().filter((algorithm) => isOff(look, set, algorithm));
}

const detect: Cause['detect'] = (look) =>
  eachSet(look, (set) => {
    const off = offIn(look, set);
    if (off.length === 0) return [];
    const leavesNone = NEEDED.some((kind) => kind.every((algorithm) => isOff(look, set, algorithm)));
    const names = off.map((algorithm) => algorithm.slice(algorithm.indexOf('\\') + 1));
    return [
      found('SchannelAlgorithmsOff', leavesNone ? 'fault' : 'warning', {
        algorithms: names.join(', '),
        ...inSet(look, set),
      }),
    ];
  });

function repair(look: Look): Change[] {
  return eachSet(look, (set) =>
    offIn(look, set).flatMap((algorithm) => setValue(look.facts, set, domainOf(algorithm), ON)),
  );
}

export const schannelAlgorithms: Cause = {
  id: 'schannel-algorithms',
  step: 'tls',
  order: 30,
  title: 'Algorithms that TLS needs are disabled',
  findings: FINDINGS,
  reads: NEEDED.flat().map((algorithm) => ({
    hive: 'system',
    path: `${SCHANNEL}\\${algorithm}`,
    names: ['Enabled'],
  })),
  writes: NEEDED.flat().map(domainOf),
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'with-restart-of-vm',
  words: {
    seen: 'SCHANNEL: every cipher (`AES 128/128`, `AES 256/256`), every hash (`SHA256`, `SHA384`) or every key exchange (`ECDH`, `PKCS`) that current clients support is disabled; a warning for one of them.',
    mend: 'Sets `Enabled` to 0xFFFFFFFF for the disabled ones. Old ones (RC4, 3DES, MD5) are left unchanged.',
    guidance: 'Enable AES, SHA256, SHA384, ECDH and PKCS in SCHANNEL, and restart the VM.',
    byHand:
      '`reg.exe add "HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Ciphers\\AES 256/256" /v Enabled /t REG_DWORD /d 0xffffffff /f` (PowerShell\'s own commands take the slash for a separator), and the others in the same way; restart',
    undo: 'Restore the values.',
  },
  recipe: NEEDED.flat().map((algorithm) => fixedValue(domainOf(algorithm), dword(0), ON)),
};
