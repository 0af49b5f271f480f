import { withSharedList } from '../../../../functions/triggers/page/shared-list.ts';
import type { RecordSummary } from '../../../../shared/intake/ports.ts';

const LINE: RecordSummary = { id: 'vm-1', vmId: 'a', phase: 'online', startedAt: '2026-03-01T12:00:00.000Z' };

/** A store whose readings are counted, with a clock that is moved by hand. */
function counted() {
  let now = 0;
  let fails = false;
  const readings: unknown[] = [];
  const records = {
    list: (filter: unknown) => {
      readings.push(filter);
      return fails ? Promise.reject(new Error('away')) : Promise.resolve([LINE]);
    },
  };
  const clock = {
    now: () => now,
    setTimer: () => ({ cancel: () => undefined }),
    hold: () => () => undefined,
  };
  return {
    readings,
    shared: withSharedList(records, clock),
    pass: (milliseconds: number) => (now += milliseconds),
    fail: (does: boolean) => (fails = does),
  };
}

const WHOLE = { limit: Infinity };

describe('The list of the page', () => {
  it('is read once for all that is asked for at the same time', async () => {
    const { shared, readings } = counted();
    const lists = await Promise.all([shared.list(WHOLE), shared.list(WHOLE), shared.list(WHOLE)]);
    expect(lists).toEqual([[LINE], [LINE], [LINE]]);
    expect(readings).toHaveLength(1);
  });

  it('is read anew when the page asks again, so that what another host wrote shows', async () => {
    const { shared, readings, pass } = counted();
    await shared.list(WHOLE);
    pass(1999);
    await shared.list(WHOLE);
    expect(readings).toHaveLength(1);
    pass(1);
    await shared.list(WHOLE);
    expect(readings).toHaveLength(2);
  });

  it('is read again at once where the store was away', async () => {
    const { shared, readings, fail } = counted();
    fail(true);
    await expect(shared.list(WHOLE)).rejects.toThrow('away');
    fail(false);
    expect(await shared.list(WHOLE)).toEqual([LINE]);
    expect(readings).toHaveLength(2);
  });

  it('is not taken for the list of one VM', async () => {
    const { shared, readings } = counted();
    await shared.list(WHOLE);
    await shared.list({ vmId: 'a', limit: Infinity });
    expect(readings).toEqual([WHOLE, { vmId: 'a', limit: Infinity }]);
  });
});
