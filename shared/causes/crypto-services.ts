import type { Change, VerbChange } from '../model/change.ts';
import type { Cause, Look } from './cause.ts';
import { findingsOf, isFault, whereFaulty } from './finding.ts';
import { eachSet, inSet, setForChange } from './look.ts';
import { rdpCertificate } from './rdp-certificate.ts';
import { isDisabled, restartRdp, serviceQuery } from './services.ts';

type Start = Extract<VerbChange, { do: 'Set-ServiceStart' }>['start'];

interface CryptoService {
  readonly name: 'KeyIso' | 'CryptSvc' | 'CertPropSvc';
  /** As Windows sets it up. */
  readonly start: Start;
  /** Keys are used in KeyIso's process, certificates are read with CryptSvc; CertPropSvc is only asked for a new one. */
  readonly isAlwaysNeeded: boolean;
}

const SERVICES: readonly CryptoService[] = [
  { name: 'KeyIso', start: 'Manual', isAlwaysNeeded: true },
  { name: 'CryptSvc', start: 'Automatic', isAlwaysNeeded: true },
  { name: 'CertPropSvc', start: 'Manual', isAlwaysNeeded: false },
];

const FINDINGS = {
  CryptoServiceDisabled: 'a service that keys and certificates depend on is disabled',
} as const;
const found = findingsOf('crypto-services', FINDINGS);

const detect: Cause['detect'] = (look) => {
  const wantsNewOne = rdpCertificate.detect(look).some(isFault);
  return eachSet(look, (set) =>
    SERVICES.filter(({ name }) => isDisabled(look, set, name)).map(({ name, isAlwaysNeeded }) =>
      found('CryptoServiceDisabled', isAlwaysNeeded || wantsNewOne ? 'fault' : 'warning', {
        service: name,
        ...inSet(look, set),
      }),
    ),
  );
};

function repair(look: Look): Change[] {
  const started = eachSet(look, (set): Change[] =>
    SERVICES.filter(({ name }) => isDisabled(look, set, name)).map(({ name, start }) => ({
      do: 'Set-ServiceStart',
      set: setForChange(look.facts, set),
      service: name,
      start,
      account: 'keep',
      run: look.facts.scope === 'online',
    })),
  );
  return [...started, ...restartRdp(look, ['SessionEnv', 'TermService'])];
}

export const cryptoServices: Cause = {
  id: 'crypto-services',
  step: 'certificate-and-keys',
  order: 10,
  title: 'Services that keys and certificates depend on are disabled',
  findings: FINDINGS,
  reads: SERVICES.map(({ name }) => serviceQuery(name)),
  writes: [],
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'now',
  words: {
    seen: '`KeyIso` or `CryptSvc` disabled; `CertPropSvc` if a new certificate must be created.',
    mend: 'Sets their default start types (manual, automatic, manual), starts them, restarts the RDP services.',
    guidance: 'Set KeyIso and CertPropSvc to manual start and CryptSvc to automatic start, and start them.',
    byHand:
      '`Set-Service KeyIso -StartupType Manual; Set-Service CryptSvc -StartupType Automatic; Start-Service KeyIso, CryptSvc; Restart-Service SessionEnv, TermService -Force`',
    undo: '`Set-Service NAME -StartupType Disabled`',
  },
  recipe: SERVICES.map(({ name, start }) => ({
    do: 'Set-ServiceStart',
    set: 'CurrentControlSet',
    service: name,
    start,
    account: 'keep',
    run: true,
  })),
};
