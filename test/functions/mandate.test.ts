import { requireMandate } from '../../functions/activities/mandate.ts';
import { codeOf } from '../shared/azure/bench.ts';
import { memoryControl, memoryRecords } from './triggers/memory.ts';

const ID = 'vm-00000000000000000000000000000001-20260301120000000-abcd';
const FORWARD = { remediationId: ID, epoch: 2, forward: true };
const BACK = { ...FORWARD, forward: false };
const unreachable = (): Promise<never> => Promise.reject(new Error('the storage account is away'));

function depsOf(epoch: number | undefined, killSwitch = false) {
  return {
    records: { ...memoryRecords(), epochOf: () => Promise.resolve(epoch) },
    control: memoryControl(),
    killSwitch,
  };
}
const allowed = async (work: Promise<void>): Promise<string> => {
  let refused: string | undefined;
  await work.catch(async () => {
    refused = await codeOf(work);
  });
  return refused ?? 'allowed';
};

describe('before anything is written', () => {
  it.each([
    { owner: 2, forward: 'allowed', back: 'allowed' },
    { owner: 3, forward: 'Superseded', back: 'Superseded' },
    { owner: 1, forward: 'allowed', back: 'allowed' },
    { owner: undefined, forward: 'AzureUnavailable', back: 'allowed' },
  ])('the record, of epoch $owner, allows epoch 2 forward: $forward, back: $back', async (row) => {
    expect(await allowed(requireMandate(depsOf(row.owner), FORWARD))).toBe(row.forward);
    expect(await allowed(requireMandate(depsOf(row.owner), BACK))).toBe(row.back);
  });

  it('the kill switch stops what goes forward, and never the way back', async () => {
    expect(await allowed(requireMandate(depsOf(2, true), FORWARD))).toBe('Cancelled');
    expect(await allowed(requireMandate(depsOf(2, true), BACK))).toBe('allowed');
  });

  it('a person who called it off stops what goes forward, and never the way back', async () => {
    const deps = depsOf(2);
    await deps.control.cancel(ID, { by: 'me', leaveStopped: false, at: '2026-03-01T12:05:00.000Z' });
    expect(await allowed(requireMandate(deps, FORWARD))).toBe('Cancelled');
    expect(await allowed(requireMandate(deps, BACK))).toBe('allowed');
  });

  it('whoever is refused is told by whom, and when', async () => {
    const deps = depsOf(2);
    const at = '2026-03-01T12:05:00.000Z';
    await deps.control.cancel(ID, { by: 'the day shift', leaveStopped: false, at });
    await expect(requireMandate(deps, FORWARD)).rejects.toThrow(
      `It was cancelled by the day shift at ${at}.`,
    );
    const nobody = depsOf(2);
    await nobody.control.cancel(ID, { leaveStopped: false, at });
    await expect(requireMandate(nobody, FORWARD)).rejects.toThrow(`It was cancelled at ${at}.`);
    await expect(requireMandate(depsOf(2, true), FORWARD)).rejects.toThrow('The kill switch is on.');
    await expect(requireMandate(depsOf(3), FORWARD)).rejects.toThrow(`taken over the remediation ${ID}`);
    await expect(requireMandate(depsOf(undefined), FORWARD)).rejects.toThrow(`${ID} has no record yet`);
  });

  it('a store that is away is waited for forward, and stops no way back', async () => {
    const deps = depsOf(2);
    const away = { ...deps, records: { ...deps.records, epochOf: unreachable } };
    expect(await allowed(requireMandate(away, FORWARD))).toBe('AzureUnavailable');
    expect(await allowed(requireMandate(away, BACK))).toBe('allowed');
    const silent = { ...deps, control: { ...deps.control, read: unreachable } };
    expect(await allowed(requireMandate(silent, FORWARD))).toBe('AzureUnavailable');
  });
});
