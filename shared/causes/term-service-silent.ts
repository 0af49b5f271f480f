import type { Cause, Look } from './cause.ts';
import { settings } from './evidence/settings.ts';
import { findingsOf, isFault, whereFaulty } from './finding.ts';
import { RDP_TCP, TERMINAL_SERVER } from './listener.ts';
import { keyOf, serviceOf } from './look.ts';
import { cryptoServices } from './crypto-services.ts';
import { machineKeys } from './machine-keys.ts';
import { machineKeysMissing } from './machine-keys-missing.ts';
import { rdpCertificate } from './rdp-certificate.ts';
import { rdpDenied } from './rdp-denied.ts';
import { rdpListener } from './rdp-listener.ts';
import { isServed, rdpPortTaken } from './rdp-port.ts';
import { rdpSecurityLayer } from './rdp-security-layer.ts';
import { restartRdp, secondsUp } from './services.ts';
import { termService, wasRestarted } from './term-service.ts';

/** After a start it may take that long until it listens. */
const SETTLING_SECONDS = 60;
/** What else keeps a listener from listening or from agreeing on TLS. */
const OTHERS: readonly Cause[] = [
  rdpDenied,
  rdpListener,
  termService,
  rdpPortTaken,
  rdpCertificate,
  machineKeys,
  machineKeysMissing,
  cryptoServices,
  rdpSecurityLayer,
];
/** Choices that explain it as well, though they are no faults by themselves. */
const CHOICES = new Set([
  'ConnectionsDenied',
  'SecuritySetByPolicy',
  'ListenerBoundToAdapter',
  'ListenerProtocolReplaced',
]);

const FINDINGS = {
  TermServiceSilent: 'the Remote Desktop service is running with correct settings but does not respond',
} as const;
const found = findingsOf('term-service-silent', FINDINGS);

function isExplained(look: Look): boolean {
  const { facts } = look;
  const [set = ''] = facts.sets;
  const wasRead = [TERMINAL_SERVER, RDP_TCP].every((path) => keyOf(facts, set, path)?.state === 'here');
  if (!wasRead || facts.listeners.error !== null) return true;
  const findings = [...OTHERS, settings].flatMap((source) => source.detect(look));
  return findings.some((finding) => isFault(finding) || CHOICES.has(finding.code));
}

function isSettled(look: Look): boolean {
  const service = serviceOf(look.facts, 'TermService');
  if (service?.state !== 'Running') return false;
  return (secondsUp(look, service) ?? SETTLING_SECONDS) >= SETTLING_SECONDS;
}

const detect: Cause['detect'] = (look) => {
  const { scope, handshake } = look.facts;
  if (scope === 'offline' || !isSettled(look)) return [];
  const listens = isServed(look.facts);
  const answers = !['connect', 'negotiate'].includes(handshake.stage);
  if ((listens && answers) || isExplained(look)) return [];
  return [found('TermServiceSilent', 'fault', { listens, stage: handshake.stage })];
};

export const termServiceSilent: Cause = {
  id: 'term-service-silent',
  step: 'rdp-port',
  order: 80,
  title: 'Remote Desktop Services is running but does not respond',
  findings: FINDINGS,
  reads: [],
  writes: [],
  detect,
  // Once: what a restart did not help, another one will not.
  repair: whereFaulty(detect, (look) =>
    wasRestarted(look) ? [] : restartRdp(look, ['SessionEnv', 'TermService']),
  ),
  takesEffect: 'now',
  words: {
    seen: '`TermService` has been running for more than a minute, all settings are correct, no other process uses the port, and it does not listen or does not answer X.224 (online).',
    mend: 'Restarts `SessionEnv` and `TermService`, once; open sessions end.',
    guidance: 'Restart TermService; if it hangs, restart the VM.',
    byHand: '`Restart-Service SessionEnv, TermService -Force`',
    undo: 'Nothing to undo.',
  },
  recipe: [],
};
