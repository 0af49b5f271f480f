import type { EventView } from '../../machine.ts';
import type { Session } from '../session.ts';

const HOURS = 24;
const HOUR_MS = 3_600_000;
const LOGGED = [36870, 36871, 36874, 1050, 1051, 1057, 1058, 56];
const MAX_SKEW_SECONDS = 300;

export async function findHandshake(session: Session, port: number): Promise<void> {
  const { ok, stage } = await session.machine.network.handshake(port);
  session.facts['handshake'] = ok ? 'done' : stage;
  if (ok) {
    session.find('HandshakeHealthy', 'the own listener answers X.224 and TLS', { severity: 'info' });
  } else {
    session.find('HandshakeFailed', 'the own listener does not come to the end of its handshake', {
      severity: 'info',
      data: { stage },
    });
  }
}

export function findFailedLogons(session: Session): void {
  const { machine } = session;
  const since = machine.info.now() - HOURS * HOUR_MS;
  const events = machine.events.query({ log: 'Security', ids: [4625], since, max: 1000 });
  if (events.length === 0) return;
  session.find('FailedLogons', 'logons failed: the VM may be under attack', {
    severity: 'info',
    data: {
      count: events.length,
      hours: HOURS,
      workstations: topFive(events, 'WorkstationName'),
      sources: topFive(events, 'IpAddress'),
    },
  });
}

function topFive(events: readonly EventView[], field: string): string {
  return countBy(events, (event) => event.data[field] ?? '')
    .toSorted(([a, countA], [b, countB]) => countB - countA || a.localeCompare(b))
    .slice(0, 5)
    .map(([name, count]) => `${name} (${String(count)})`)
    .join(', ');
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return [...counts];
}

export function findLoggedErrors(session: Session): void {
  const { machine } = session;
  const since = machine.info.now() - HOURS * HOUR_MS;
  const events = machine.events.query({ log: 'System', ids: LOGGED, since, max: 200 });
  if (events.length === 0) return;
  const counts = countBy(events, ({ id }) => String(id))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([id, count]) => `${id} (${String(count)})`);
  session.find('LoggedErrors', 'Windows logged errors of RDP or TLS', {
    severity: 'info',
    data: { events: counts.join(', ') },
  });
}

export function findClockSkew(session: Session): void {
  const { machine } = session;
  const seconds = Math.round((machine.info.now() - wholeSeconds(machine.info.hostTime())) / 1000);
  if (Math.abs(seconds) <= MAX_SKEW_SECONDS) return;
  session.find('ClockSkew', 'the clock is wrong: certificates and logons depend on it', {
    severity: 'warning',
    data: { seconds },
  });
}

/** The date of an HTTP answer has no fractions. */
function wholeSeconds(time: number): number {
  return Math.floor(time / 1000) * 1000;
}
