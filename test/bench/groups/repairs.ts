import { fleetVm, makeCauseVms, makeFleet } from '../../../lab/fleet/index.ts';
import { callsOf, leastCalls } from '../calls.ts';
import { downSeconds } from '../downtime.ts';
import { forcedPath } from '../forced-path.ts';
import { openRepairBench, START, type Repair } from '../repair.ts';
import { atMost, exactly, mean, round, sum, table, type Measurement, type Row } from '../row.ts';

/** Every fault of the fleet, one repair after the other; and the VMs that nothing mends. */
export async function measure(storage: string): Promise<Measurement> {
  const fleet = [...makeFleet({ now: START }), ...makeCauseVms({ now: START })].filter(
    ({ spec, expected }) => spec.name !== 'peer' && /^repaired|^not-fixed|^set-by-policy/.test(expected.kind),
  );
  const bench = await openRepairBench(
    storage,
    fleet.map(({ spec }) => fleetVm(spec.name, { now: START })),
  );
  const repairs: Repair[] = [];
  try {
    for (const { spec } of fleet) repairs.push(await bench.repair(spec.name));
  } finally {
    await bench.close();
  }
  const online = repairs.filter(({ record }) => record.outcome?.kind === 'repaired-online');
  const offline = repairs.filter(({ record }) => record.outcome?.kind === 'repaired-offline');
  const mended = [...online, ...offline];
  const unmended = repairs.filter((one) => !mended.includes(one));

  return {
    virtual: [
      exactly('VMs of the fleet that ended otherwise than expected', unexpected(repairs, fleet), 0),
      exactly('Downtime of VMs that cannot be repaired, seconds', sum(unmended.map(downSeconds)), 0),
      ...online.map((one) => timeToRdp(one, 1.03)),
      ...offline.map((one) => timeToRdp(one, 1.05)),
      atMost('Agent round trips of an online repair, most', Math.max(...online.map(roundTrips)), 3),
      exactly('Calls refused by a token bucket of ARM or Compute', sum(repairs.map(throttled)), 0),
      ...callRows('online', online),
      ...callRows('offline', offline),
    ],
    real: [...workRows(offline)],
    detail: [
      ...table([
        ['VM', 'outcome', 'to RDP', 'forced', 'down', 'trips', 'calls', 'least', 'work ms', 'events', 'kB'],
        ...repairs.map((one) => [
          one.name,
          one.record.outcome?.kind ?? '',
          round(seconds(one), 1),
          round(forced(one).toRdp, 1),
          round(downSeconds(one), 1),
          roundTrips(one),
          one.requests.length,
          sum(Object.values(leastCalls(one))),
          Math.round(sum(one.work.map(({ milliseconds }) => milliseconds))),
          one.history.events,
          Math.round(one.history.bytes / 1000),
        ]),
      ]),
      ...[online.find(({ name }) => name === 'rdp-denied'), offline[0]].flatMap((one) =>
        one ? ['', `Calls of ${one.name}`, ...callTable(one)] : [],
      ),
    ],
  };
}

/** Which calls, and how many of each could not be fewer. */
function callTable(repair: Repair): string[] {
  const made = callsOf(repair);
  const least = leastCalls(repair);
  const kinds = [...new Set([...Object.keys(made), ...Object.keys(least)])].sort();
  return table([
    ['call', 'made', 'least'],
    ...kinds.map((kind) => [kind, made[kind] ?? 0, least[kind] ?? 0]),
  ]);
}

function unexpected(
  repairs: readonly Repair[],
  fleet: readonly { spec: { name: string }; expected: { kind: string } }[],
): number {
  return repairs.filter(
    ({ name, record }) =>
      record.outcome?.kind !== fleet.find(({ spec }) => spec.name === name)?.expected.kind,
  ).length;
}

function seconds({ asked, answered, ended }: Repair): number {
  return ((answered ?? ended) - asked) / 1000;
}

function forced({ activity, answered, ended, name }: Repair) {
  return forcedPath(activity, answered ?? ended, name);
}

function timeToRdp(repair: Repair, goal: number): Row {
  return atMost(
    `Time to RDP over its forced path: ${repair.name}`,
    seconds(repair) / forced(repair).toRdp,
    goal,
  );
}

/** Scripts on the VM itself until RDP answers. */
function roundTrips({ activity, name, answered, ended }: Repair): number {
  const onVm = new RegExp(`/virtualMachines/${name}/runCommands/`, 'i');
  return activity.filter(
    ({ method, resource, at }) => method === 'PUT' && onVm.test(resource) && at < (answered ?? ended),
  ).length;
}

function throttled({ requests }: Repair): number {
  return requests.filter(({ status }) => status === 429).length;
}

function callRows(kind: string, repairs: readonly Repair[]): Row[] {
  const made = repairs.map((one) => one.requests.length);
  const least = repairs.map((one) => sum(Object.values(leastCalls(one))));
  return [atMost(`Azure calls of an ${kind} repair over the least possible`, sum(made) / sum(least), 1.1)];
}

/** Against activities that wait for what they began: billed for all the time that Azure takes. */
function workRows(offline: readonly Repair[]): Row[] {
  const all = offline.flatMap(({ work }) => work.map(({ milliseconds }) => milliseconds));
  const totals = offline.map(({ work }) => sum(work.map(({ milliseconds }) => milliseconds)) / 1000);
  const naive = offline.map(({ activity }) =>
    sum(activity.map(({ at, endedAt }) => ((endedAt ?? at) - at) / 1000)),
  );
  return [
    atMost('Longest activity of an offline repair, seconds of its own', Math.max(...all) / 1000, 1),
    atMost('All activities of an offline repair, seconds of their own', mean(totals), 5),
    atMost('The same over activities that wait for Azure', mean(totals) / mean(naive), 0.05, 4),
  ];
}
