import type { EventCountFact, Facts } from '../../../../shared/model/facts.ts';
import type { Machine } from '../../machine.ts';
import { momentOf } from '../moment.ts';

/** Two questions: `Get-WinEvent` takes about twenty numbers. */
const IDS: readonly (readonly number[])[] = [
  [50, 56, 1050, 1051, 1052, 1056, 1057, 1058, 1128],
  [36870, 36871, 36872, 36874, 36887, 36888, 7000, 7001, 7022, 7023, 7024],
];
const PROVIDERS: readonly string[] = [
  'TermDD',
  'Microsoft-Windows-TerminalServices-RemoteConnectionManager',
  'TermService',
  'Schannel',
  'Service Control Manager',
];
const DAY_MS = 86_400_000;

/** Counts by provider and number, newest first. */
export function readEvents({ events, info }: Machine): EventCountFact[] {
  const since = info.now() - DAY_MS;
  const found = IDS.flatMap((ids) => events.query({ log: 'System', ids, since, max: 1000 })).filter(
    ({ provider }) => PROVIDERS.includes(provider),
  );
  const counts = new Map<string, EventCountFact>();
  for (const { id, provider, time } of found) {
    const kind = `${String(id)} ${provider}`;
    const known = counts.get(kind);
    if (known) known.count++;
    else counts.set(kind, { provider, id, count: 1, last: momentOf(time) });
  }
  return [...counts.values()].toSorted(
    (one, other) => other.last.localeCompare(one.last) || one.id - other.id,
  );
}

type LogonSource = Facts['failedLogons']['items'][number];

/** By address, or by workstation where there is none. */
export function readFailedLogons({ events, info }: Machine): LogonSource[] {
  const counts = new Map<string, LogonSource>();
  for (const { data } of events.query({
    log: 'Security',
    ids: [4625],
    since: info.now() - DAY_MS,
    max: 5000,
  })) {
    const address = data['IpAddress'] ?? '-';
    const source = ['', '-'].includes(address) ? (data['WorkstationName'] ?? '-') : address;
    const known = counts.get(source.toLowerCase());
    if (known) known.count++;
    else counts.set(source.toLowerCase(), { source, count: 1 });
  }
  return [...counts.values()].toSorted(
    (one, other) => other.count - one.count || one.source.localeCompare(other.source, 'en'),
  );
}
