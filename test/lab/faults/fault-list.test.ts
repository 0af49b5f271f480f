import { createFaultList } from '../../../lab/faults/fault-list.ts';
import type { FaultableRequest, FaultEffect } from '../../../lab/faults/fault.ts';

const READ: FaultableRequest = {
  action: 'Microsoft.Compute/disks/read',
  method: 'GET',
  at: 0,
  path: '/subscriptions/s/disks/Web-01',
};
const WRITE: FaultableRequest = { ...READ, action: 'Microsoft.Compute/disks/write', method: 'PUT' };
const RESET: FaultEffect = { kind: 'reset' };

describe('list of faults', () => {
  it('hits the nth matching call and no other', () => {
    const faults = createFaultList();
    faults.add({ match: { action: 'Microsoft.Compute/*/read' }, from: 2, effect: RESET });
    expect([READ, WRITE, READ, READ].map((request) => faults.next(request))).toEqual([
      undefined,
      undefined,
      RESET,
      undefined,
    ]);
  });

  it('hits as often as it was told', () => {
    const faults = createFaultList();
    faults.add({ match: { method: 'put', resource: 'WEB-01' }, times: 2, effect: RESET });
    expect([WRITE, READ, WRITE, WRITE].map((request) => faults.next(request))).toEqual([
      RESET,
      undefined,
      RESET,
      undefined,
    ]);
  });

  it('lets only one of several due faults act on a call', () => {
    const faults = createFaultList();
    faults.add({ match: {}, effect: RESET }, { match: {}, effect: { kind: 'lose-answer' } });
    expect(faults.next(READ)).toEqual(RESET);
    expect(faults.next(READ)).toEqual({ kind: 'lose-answer' });
  });

  it('tells which faults have not acted yet', () => {
    const faults = createFaultList();
    const fault = { match: {}, times: 2, effect: RESET };
    faults.add(fault);
    faults.next(READ);
    expect(faults.pending()).toEqual([fault]);
    faults.next(READ);
    expect(faults.pending()).toEqual([]);
  });
});
