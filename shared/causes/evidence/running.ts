import type { Finding } from '../../model/finding.ts';
import type { Evidence, Look } from '../cause.ts';
import { findingsOf } from '../finding.ts';
import { isFirewallStopped } from '../firewall-rule.ts';

/** Errors of RDP, of TLS and of the services; scanners and broken networks write the same events. */
const ERRORS = new Set([
  50, 56, 1050, 1051, 1057, 1058, 7000, 7022, 7031, 36870, 36871, 36872, 36874, 36887, 36888,
]);

const FINDINGS = {
  FailedLogons: 'logons failed: the VM may be under attack',
  LoggedErrors: 'Windows logged RDP or TLS errors',
  HandshakeHealthy: 'the RDP listener answers X.224 and TLS locally',
  HandshakeFailed: 'the RDP listener does not complete the handshake locally',
  AgentVersion: 'version of the VM agent',
  FirewallServiceStopped: 'the Windows Firewall service is not running, so its rules are unknown',
} as const;
const found = findingsOf(undefined, FINDINGS);

function failedLogons({ facts: { failedLogons } }: Look): Finding[] {
  if (failedLogons.total === 0) return [];
  const sources = failedLogons.items.map(({ source, count }) => `${source} (${count})`).join(', ');
  return [found('FailedLogons', 'info', { count: failedLogons.total, hours: 24, sources })];
}

function loggedErrors({ facts }: Look): Finding[] {
  const errors = facts.events.items
    .filter(({ id }) => ERRORS.has(id))
    .toSorted((one, other) => one.id - other.id);
  if (errors.length === 0) return [];
  return [
    found('LoggedErrors', 'info', { events: errors.map(({ id, count }) => `${id} (${count})`).join(', ') }),
  ];
}

function handshake({ facts: { handshake } }: Look): Finding[] {
  if (handshake.stage === 'untried') return [];
  if (handshake.stage === 'done')
    return [found('HandshakeHealthy', 'info', { protocol: handshake.protocol })];
  return [found('HandshakeFailed', 'info', { stage: handshake.stage })];
}

/** What only a running Windows tells, and no cause by itself. */
export const running: Evidence = {
  findings: FINDINGS,
  reads: [],
  detect: (look) => [
    ...(isFirewallStopped(look.facts) ? [found('FirewallServiceStopped', 'warning')] : []),
    ...handshake(look),
    ...failedLogons(look),
    ...loggedErrors(look),
    ...(look.facts.windows.agent === ''
      ? []
      : [found('AgentVersion', 'info', { version: look.facts.windows.agent })]),
  ],
};
