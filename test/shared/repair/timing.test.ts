import { spreadSeconds, TIMING } from '../../../shared/repair/timing.ts';

const instances = Array.from({ length: 500 }, (_, index) => `vm-${String(index)}`);
const spreadOf = (throttled: number): number[] => instances.map((id) => spreadSeconds(id, throttled));

describe('by how much a throttled try is put off', () => {
  it('is the same whenever it is asked, in whole milliseconds: a replay must wait for the same moment', () => {
    for (const throttled of [1, 2, 5, 40]) {
      const spread = spreadOf(throttled);
      expect(spreadOf(throttled)).toEqual(spread);
      for (const seconds of spread)
        expect(Math.abs(seconds * 1000 - Math.round(seconds * 1000))).toBeLessThan(1e-6);
    }
  });

  it.each([1, 2, 3, 4])('is up to twice as long at each refusal (the %ith)', (throttled) => {
    const spread = spreadOf(throttled);
    expect(Math.min(...spread)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...spread)).toBeLessThanOrEqual(2 ** throttled);
    expect(Math.max(...spread)).toBeGreaterThan(0.9 * 2 ** throttled);
  });

  it('is half a minute at most, however often a try was refused', () => {
    for (const throttled of [5, 6, 100, 5000]) {
      const spread = spreadOf(throttled);
      expect(Math.max(...spread)).toBeLessThanOrEqual(TIMING.spreadLongest);
      expect(Math.max(...spread)).toBeGreaterThan(0.9 * TIMING.spreadLongest);
    }
  });

  it('lets no more of a storm come back in one second than its share', () => {
    const spread = spreadOf(10);
    const seconds = Array.from(
      { length: TIMING.spreadLongest },
      (_, second) => spread.filter((one) => Math.floor(one) === second).length,
    );
    const share = instances.length / TIMING.spreadLongest;
    expect(Math.max(...seconds)).toBeLessThan(2.5 * share);
    expect(Math.min(...seconds)).toBeGreaterThan(0);
  });

  it('hardly ever brings those together again that came together before', () => {
    const cameTogether = (times: readonly number[], one: number, other: number): boolean =>
      Math.floor(times[one] ?? 0) === Math.floor(times[other] ?? 0);
    const first = spreadOf(10);
    const second = spreadOf(11);
    const pairs = instances.flatMap((_, one) =>
      instances.flatMap((_other, other) =>
        one < other && cameTogether(first, one, other) ? [[one, other]] : [],
      ),
    );
    const again = pairs.filter(([one = 0, other = 0]) => cameTogether(second, one, other));
    // By chance it is one in thirty.
    expect(again.length / pairs.length).toBeLessThan(0.1);
  });
});
