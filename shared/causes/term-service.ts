import type { Change } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import type { Cause, Look } from './cause.ts';
import { findingsOf, lastOutcome, whereFaulty } from './finding.ts';
import { eachSet, inSet, serviceOf, setForChange, textOf } from './look.ts';
import { isDisabled, restartRdp, serviceQuery } from './services.ts';

const SERVICE = 'TermService';
/** Without SessionEnv no certificate is made; UmRdpService only redirects devices. */
const HELPERS = [
  { name: 'SessionEnv', severity: 'fault' },
  { name: 'UmRdpService', severity: 'warning' },
] as const;
const OWN_ACCOUNT = /^NT AUTHORITY\\Network ?Service$/i;

const FINDINGS = {
  TermServiceDisabled: 'the Remote Desktop service is disabled',
  TermServiceStopped: 'the Remote Desktop service is not running',
  TermServiceAccountChanged: 'the Remote Desktop service runs under another account',
  RdpServiceDisabled: 'a service that Remote Desktop depends on is disabled',
  ServiceStartFailed: 'the Remote Desktop service still does not start',
  RepairUnfinished: 'a repair was interrupted: Remote Desktop services still need a restart',
} as const;
const found = findingsOf('term-service', FINDINGS);

/** Empty where it is not known. */
function accountOf({ facts }: Look, set: string): string {
  return facts.scope === 'online'
    ? (serviceOf(facts, SERVICE)?.account ?? '')
    : (textOf(facts, set, `Services\\${SERVICE}`, 'ObjectName') ?? '');
}

function hasOtherAccount(look: Look, set: string): boolean {
  const account = accountOf(look, set);
  return account !== '' && !OWN_ACCOUNT.test(account);
}

function isDown({ facts }: Look): boolean {
  const service = serviceOf(facts, SERVICE);
  return service !== undefined && service.state !== 'Running';
}

function detect(look: Look): Finding[] {
  return [...eachSet(look, (set) => detectInSet(look, set)), ...detectAfterActing(look)];
}

function detectInSet(look: Look, set: string): Finding[] {
  const data = inSet(look, set);
  const isOff = isDisabled(look, set, SERVICE);
  return [
    ...(hasOtherAccount(look, set)
      ? [found('TermServiceAccountChanged', 'fault', { account: accountOf(look, set), ...data })]
      : []),
    ...(isOff ? [found('TermServiceDisabled', 'fault', data)] : []),
    // What runs on a disk is decided at its next start.
    ...(!isOff && look.facts.scope === 'online' && isDown(look)
      ? [found('TermServiceStopped', 'fault')]
      : []),
    ...HELPERS.filter(({ name }) => isDisabled(look, set, name)).map(({ name, severity }) =>
      found('RdpServiceDisabled', severity, { service: name, ...data }),
    ),
  ];
}

function detectAfterActing(look: Look): Finding[] {
  const started = look.done.findLast(
    ({ change }) =>
      change.do === 'Restart-RdpServices' ||
      (change.do === 'Set-ServiceStart' && change.service === SERVICE && change.run),
  );
  const word = started?.outcome.word ?? '';
  const code = started?.outcome.error?.code;
  return [
    ...(isDown(look) && ['start-failed', 'hung'].includes(word)
      ? [found('ServiceStartFailed', 'fault', { service: SERVICE, ended: word, error: code ?? null })]
      : []),
    ...(look.facts.owed.includes('restart') ? [found('RepairUnfinished', 'fault', { owed: 'restart' })] : []),
  ];
}

function repair(look: Look): Change[] {
  const { facts } = look;
  const isOnline = facts.scope === 'online';
  const set = (name: string) => setForChange(facts, name);
  const helpers = eachSet(look, (name): Change[] =>
    HELPERS.filter((helper) => isDisabled(look, name, helper.name)).map((helper) => ({
      do: 'Set-ServiceStart',
      set: set(name),
      service: helper.name,
      start: 'Manual',
      account: 'keep',
      // UmRdpService comes with TermService.
      run: isOnline && helper.name === 'SessionEnv',
    })),
  );
  const own = eachSet(look, (name): Change[] => {
    const start = isDisabled(look, name, SERVICE) ? 'Manual' : 'keep';
    const account = hasOtherAccount(look, name) ? 'default' : 'keep';
    const run = isOnline && isDown(look);
    if (start === 'keep' && account === 'keep' && !run) return [];
    return [{ do: 'Set-ServiceStart', set: set(name), service: SERVICE, start, account, run }];
  });
  // An account counts from the next start of the process on.
  const wantsRestart = !isDown(look) && (own.length > 0 || helpers.length > 0);
  const owes = facts.owed.includes('restart');
  return [
    ...helpers,
    ...own,
    ...(owes || wantsRestart ? restartRdp(look, ['SessionEnv', 'TermService']) : []),
  ];
}

export const termService: Cause = {
  id: 'term-service',
  step: 'rdp-port',
  order: 30,
  title: 'Remote Desktop Services is disabled or stopped',
  findings: FINDINGS,
  reads: [SERVICE, ...HELPERS.map(({ name }) => name)].map(serviceQuery),
  writes: [],
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'now',
  words: {
    seen: '`TermService` disabled, stopped or under another account; `SessionEnv` disabled; a restart pending from an interrupted run.',
    mend: 'Start type manual, account Network Service; starts it (online).',
    guidance: 'Set TermService to manual start, logging on as NT AUTHORITY\\NetworkService, and start it.',
    byHand: '`Set-Service TermService -StartupType Manual; Start-Service TermService`',
    undo: '`Set-Service TermService -StartupType Disabled`',
  },
  recipe: [
    {
      do: 'Set-ServiceStart',
      set: 'CurrentControlSet',
      service: SERVICE,
      start: 'Manual',
      account: 'keep',
      run: true,
    },
  ],
};

/** Whether the latest restart of this remediation was carried out. */
export function wasRestarted(look: Look): boolean {
  return lastOutcome(look, 'Restart-RdpServices')?.outcome.word === 'restarted';
}
