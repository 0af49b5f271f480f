import type { Activity } from '../../lab/arm/activity/activity-log.ts';
import { BOOT_SECONDS } from '../../lab/windows/factory.ts';
import { forcedPath } from './forced-path.ts';
import { callsOf, kindOf } from './calls.ts';

const COMPUTE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute';
const VM = `${COMPUTE}/virtualMachines/vm`;

/** An operation of so many seconds, begun at a second of the run. */
function operation(
  method: Activity['method'],
  action: string,
  resource: string,
  [at, seconds]: [number, number],
): Activity {
  return {
    correlationId: `${action} ${String(at)}`,
    at: at * 1000,
    endedAt: (at + seconds) * 1000,
    caller: 'the service',
    method,
    action: `Microsoft.Compute/${action}`,
    resource,
    status: 'Succeeded',
    httpStatus: 202,
  };
}
const script = (name: string, when: [number, number]) =>
  operation('PUT', 'virtualMachines/runCommands/write', `${VM}/runCommands/rdp-medic-x-${name}-1-0`, when);
const snapshot = (when: [number, number]) =>
  operation('PUT', 'snapshots/write', `${COMPUTE}/snapshots/rdp-medic-0123456789ab-snapshot`, when);

describe('the path that Azure and Windows force', () => {
  it('has the snapshot beside the diagnosis, even where it was taken afterwards', () => {
    const activity = [script('collect', [0, 30]), snapshot([30, 20]), script('apply', [50, 33])];
    expect(forcedPath(activity, 100_000, 'vm')).toEqual({ toRdp: 63, downtime: 0 });
  });

  it('waits for a snapshot that takes longer than the diagnosis', () => {
    const activity = [script('collect', [0, 30]), snapshot([0, 90]), script('apply', [90, 33])];
    expect(forcedPath(activity, 200_000, 'vm').toRdp).toBe(123);
  });

  it('has none of our own waiting in it, nor what came after RDP had answered', () => {
    const activity = [script('collect', [0, 30]), script('apply', [45, 33]), script('apply', [200, 40])];
    expect(forcedPath(activity, 100_000, 'vm').toRdp).toBe(63);
  });

  it('has the boot after a restart', () => {
    const activity = [
      script('collect', [0, 30]),
      script('apply', [30, 40]),
      operation('POST', 'virtualMachines/restart/action', VM, [70, 35]),
    ];
    expect(forcedPath(activity, 200_000, 'vm').toRdp).toBe(105 + BOOT_SECONDS);
  });
});

it('calls are told apart by what they ask of', () => {
  const paths: [string, string][] = [
    ['GET', `${VM}/runCommands/one`],
    ['GET', `${VM}/runCommands`],
    ['POST', `${VM}/deallocate`],
    ['GET', '/subscriptions/s/providers/Microsoft.Compute/locations/westeurope/operations/1'],
  ];
  expect(paths.map(([method, path]) => kindOf({ method: method === 'POST' ? 'POST' : 'GET', path }))).toEqual(
    ['GET runCommands', 'LIST runCommands', 'POST deallocate', 'GET operation'],
  );
  expect(callsOf({ requests: [] })).toEqual({});
});
