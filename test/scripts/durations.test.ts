import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsToWire } from '../../lab/arm/activity/event-wire.ts';
import { ownDurations } from '../../lab/arm/own-durations.ts';
import { SECONDS } from '../../lab/arm/timings.ts';
import { measureDurations } from '../../scripts/durations/measure.ts';

const VM = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm';

/** The events of one operation, as the lab's activity log tells them. */
function operation(
  action: string,
  seconds: number,
  more: { failed?: boolean; method?: 'PUT' | 'POST' } = {},
) {
  const at = Date.UTC(2026, 0, 15, 9);
  const activity = {
    correlationId: `${action}-${String(seconds)}`,
    at,
    acceptedAt: at + 500,
    endedAt: at + seconds * 1000,
    caller: 'somebody@contoso.example',
    method: more.method ?? ('POST' as const),
    action,
    resource: VM,
    status: more.failed === true ? ('Failed' as const) : ('Succeeded' as const),
    httpStatus: 202,
  };
  return eventsToWire(activity, 'tenant', 0).map(({ event }) => event);
}

describe('durations measured from an activity log', () => {
  it('are the medians of what ended well, by the names of the lab', () => {
    const log = [
      ...operation('Microsoft.Compute/virtualMachines/deallocate/action', 30),
      ...operation('Microsoft.Compute/virtualMachines/deallocate/action', 40),
      ...operation('Microsoft.Compute/virtualMachines/deallocate/action', 90),
      ...operation('Microsoft.Compute/virtualMachines/deallocate/action', 900, { failed: true }),
      ...operation('Microsoft.Compute/snapshots/write', 12, { method: 'PUT' }),
      ...operation('Microsoft.Storage/storageAccounts/write', 5, { method: 'PUT' }),
    ];
    expect(measureDurations(log)).toEqual({
      deallocate: { median: 40, operations: 3 },
      snapshot: { median: 12, operations: 1 },
    });
  });

  it('have names that the lab knows', () => {
    const log = operation('Microsoft.Compute/virtualMachines/start/action', 33);
    expect(Object.keys(SECONDS)).toEqual(expect.arrayContaining(Object.keys(measureDurations(log))));
  });

  it('are not read from anything else', () => {
    expect(() => measureDurations({ error: 'no log' })).toThrow();
  });
});

describe('a file of own durations', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rdp-medic-durations-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const fileOf = (content: object): string => {
    const file = join(folder, 'durations.json');
    writeFileSync(file, JSON.stringify(content));
    return file;
  };

  it('gives the lab those that it names', () => {
    expect(ownDurations(fileOf({ start: 33 }), ['start', 'stop'])).toEqual({ start: 33 });
  });

  it('is refused with what it misspells', () => {
    expect(() => ownDurations(fileOf({ strat: 33 }), ['start'])).toThrow(/strat.*it has start/);
  });

  it('need not be there', () => {
    expect(ownDurations(undefined, ['start'])).toEqual({});
  });
});
