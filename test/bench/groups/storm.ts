import { rdpAnsweredAt } from '../rdp-answered.ts';
import { atMost, exactly, mean, round, table, type Measurement } from '../row.ts';
import { playStorm, SUBSCRIPTIONS, type Storm, type Struck } from '../storm.ts';
import { CALL_KINDS, forcedByBucket } from '../tally.ts';

/** How many VMs break. A thousand take a quarter of an hour, `RDP_MEDIC_STORM=200` a minute. */
const VMS = Number(process.env['RDP_MEDIC_STORM'] ?? 1000);

/** Twenty in a storm of a thousand: as many for each subscription, and one at least. */
const RESCUE_VMS = SUBSCRIPTIONS.length * Math.max(1, Math.floor(VMS / 50 / SUBSCRIPTIONS.length));

export async function measure(storage: string): Promise<Measurement> {
  const storm = await playStorm({ vms: VMS, storage, rescueVms: RESCUE_VMS, log: console.log });
  const { struck, makespan, tally, peakBytes, seconds } = storm;
  const broken = struck.filter(({ fault }) => fault !== 'stopped');
  const bound = boundOf(storm);
  const bySubscription = SUBSCRIPTIONS.map((id) =>
    mean(broken.filter((one) => one.subscription === id && !one.isSingle).map(untilRdp)),
  );
  const single = mean(broken.filter(({ isSingle }) => isSingle).map(untilRdp));
  const of = `storm of ${String(VMS)} VMs`;
  return {
    virtual: [
      exactly(`VMs lost in a ${of}`, broken.filter(({ records }) => records.length === 0).length, 0),
      exactly(
        `VMs remediated twice in a ${of}`,
        struck.filter(({ records }) => records.length > 1).length,
        0,
      ),
      exactly(`VMs neither repaired nor rightly refused in a ${of}`, struck.filter(isWrong).length, 0),
    ],
    real: [
      atMost(`Makespan over the bound of throttling and quota, ${of}`, makespan / bound.seconds, 1.15),
      atMost(
        `Slowest subscription over the quickest, mean time to RDP, ${of}`,
        Math.max(...bySubscription) / Math.min(...bySubscription),
        1.2,
      ),
      atMost(
        `A single VM that alerts in the middle over the mean of a ${of}`,
        single / mean(bySubscription),
        1.2,
      ),
      atMost(`Peak memory of service, host and simulated Azure together, MB, ${of}`, peakBytes / 1e6, 512, 0),
    ],
    detail: table([
      ['what', 'figure'],
      ['makespan, seconds', round(makespan, 0)],
      ['bound by throttling, seconds', round(bound.throttling, 0)],
      ['bound by quota, seconds', round(bound.quota, 0)],
      ['calls', tally.total()],
      ['of these refused by a bucket', tally.throttled()],
      ['mean time to RDP, seconds', round(mean(bySubscription), 0)],
      ['time to RDP of the single VM, seconds', round(single, 0)],
      ['this machine took, seconds', round(seconds, 0)],
    ]),
  };
}

function isWrong({ fault, records }: Struck): boolean {
  const kinds = records.map(({ outcome }) => outcome?.kind ?? '');
  // A VM that is down is refused before a remediation begins.
  if (fault === 'stopped') return kinds.length > 0;
  return !kinds.every((kind) => kind.startsWith('repaired-'));
}

/** Of the last remediation: when RDP answered, since it began. */
function untilRdp({ records }: Struck): number {
  const record = records.at(-1);
  const answered = record && rdpAnsweredAt(record);
  return answered === undefined ? Infinity : (answered - Date.parse(record?.startedAt ?? '')) / 1000;
}

/**
 * What nobody can be quicker than: the calls that were granted, through the buckets of the busiest subscription; and the rescue VMs, each
 * in use as long as the one that was needed for the shortest time, one after the other in the places of the quota.
 */
function boundOf({ struck, tally }: Storm): { throttling: number; quota: number; seconds: number } {
  const throttling = Math.max(...CALL_KINDS.map((kind) => forcedByBucket(tally, SUBSCRIPTIONS, kind)));
  const holds = struck.flatMap(({ records }) => records.flatMap(holdOf));
  const most = Math.max(
    ...SUBSCRIPTIONS.map(
      (id) =>
        struck.filter(
          (one) => one.subscription === id && one.records.some((record) => holdOf(record).length > 0),
        ).length,
    ),
  );
  const rounds = Math.ceil(most / (RESCUE_VMS / SUBSCRIPTIONS.length));
  const quota = holds.length === 0 ? 0 : rounds * Math.min(...holds);
  return { throttling, quota, seconds: Math.max(throttling, quota) };
}

/** From the end of the rescue VM's creation, less what that takes at least, until clean-up has deleted it; in seconds. */
function holdOf({ operations = [], endedAt }: Struck['records'][number]): number[] {
  const created = operations.find(({ kind }) => kind === 'create-rescue-vm')?.endedAt;
  if (created === undefined || endedAt === undefined) return [];
  return [(Date.parse(endedAt) - Date.parse(created)) / 1000 + LEAST_CREATION];
}

/** As in lab/arm/timings.ts: until a host is found, and until the agent reports. */
const LEAST_CREATION = 85;
