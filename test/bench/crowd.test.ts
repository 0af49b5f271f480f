import { AZURE_RATE_LIMITS } from '../../lab/arm/access/rate-limit.ts';
import { playCrowd, scoreOf, type Score } from './crowd.ts';

const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines`;
const NETWORK = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/nic`;
const RESCUE_VM = `${VM}/rdp-medic-0123456789ab-rescue-vm`;

const once = { subscriptions: [SUBSCRIPTION], places: 1000, rescueVms: 1 };
const many = (count: number, score: Score): Score[] => Array.from({ length: count }, () => score);

/** Has a rescue VM for ten minutes. */
const OFFLINE: Score = {
  beats: [
    { after: 10, calls: [{ method: 'PUT', path: RESCUE_VM }] },
    { after: 600, calls: [{ method: 'DELETE', path: RESCUE_VM }] },
  ],
  rescue: { from: 0, until: 1 },
};

describe('A crowd of remediations', () => {
  it('ends once its reads have gone through the bucket of the subscription', async () => {
    const reads = {
      after: 1,
      calls: Array.from({ length: 5 }, () => ({ method: 'GET', path: NETWORK }) as const),
    };
    const { makespan, ended, tally } = await playCrowd({
      ...once,
      places: 50,
      scores: many(200, { beats: [reads] }),
    });
    const { size, perSecond } = AZURE_RATE_LIMITS.reads;
    expect(ended).toBe(200);
    expect(tally.granted(SUBSCRIPTION, 'reads')).toBeGreaterThanOrEqual(1000);
    expect(makespan).toBeGreaterThanOrEqual((1000 - size) / perSecond);
  });

  it('is no quicker than its places let it be', async () => {
    const score = { beats: [{ after: 90, calls: [] }] };
    const { makespan } = await playCrowd({ ...once, places: 2, scores: many(6, score) });
    expect(makespan).toBe(3 * 90 + 2 * 10);
  });

  it('shares the rescue VMs of the quota, one after the other', async () => {
    const { makespan, ended, holds } = await playCrowd({ ...once, scores: many(3, OFFLINE) });
    expect(ended).toBe(3);
    expect(holds).toEqual([600, 600, 600]);
    expect(makespan).toBeGreaterThanOrEqual(1800);
  });

  it('tells of those for whom no rescue VM became free in time', async () => {
    const { ended, gaveUp } = await playCrowd({ ...once, scores: many(30, OFFLINE) });
    expect(gaveUp).toBeGreaterThan(0);
    expect(ended + gaveUp).toBe(30);
  });
});

it('The calls of a remediation are played as they came, and how long it had its rescue VM', () => {
  const call = (at: number, method: 'GET' | 'PUT' | 'DELETE', path: string) => {
    return { at, method, path, query: new URLSearchParams(), action: '', status: 200 };
  };
  const requests = [
    call(2000, 'GET', NETWORK),
    call(2000, 'GET', NETWORK),
    call(5000, 'PUT', RESCUE_VM),
    call(9000, 'DELETE', RESCUE_VM),
  ];
  const { beats, rescue } = scoreOf({ asked: 1000, ended: 10_000, requests });
  expect(beats.map(({ after, calls }) => [after, calls.length])).toEqual([
    [1, 2],
    [3, 1],
    [4, 1],
    [1, 0],
  ]);
  expect(rescue).toEqual({ from: 1, until: 2 });
});
