import { actualCosts, plannedCosts } from '../../../shared/repair/costs.ts';
import type { RemediationRecord, StepId, StepRecord } from '../../../shared/model/record.ts';
import { fullRecord } from '../report/records.ts';
import { inspectionOf } from './inspections.ts';

const SIZE = { rescueVmSize: 'Standard_D2s_v5' };
const OPTIONS = { keepDays: 7 };
const osDisk = (sku: string, sizeGb: number) => ({
  osDisk: { ...inspectionOf({}).osDisk!, sku, sizeGb },
});
const VM = osDisk('Premium_LRS', 127);

function record(
  minutes: Partial<Record<StepId, number>>,
  changes: Partial<RemediationRecord> = {},
): RemediationRecord {
  const [template] = fullRecord().steps;
  const steps = Object.entries(minutes).map(([id, took]) => ({
    ...template!,
    id: id as StepRecord['id'],
    startedAt: '2026-03-01T12:00:00.000Z',
    endedAt: new Date(Date.UTC(2026, 2, 1, 12, took)).toISOString(),
  }));
  return { ...fullRecord(), steps, ...changes };
}

describe('What a repair costs', () => {
  it('is told before it begins, each with "about", and whose prices they are', () => {
    const lines = plannedCosts(VM, { mode: 'full', options: OPTIONS }, SIZE, true);
    expect(lines).toEqual([
      'If the disk is repaired offline: Rescue VM for about 30 minutes: about $0.09 (about $0.19 an hour); its disk and the disk copies: about $0.03.',
      'Snapshot: at most about $0.21 a day, at most about $1.46 for 7 days; you pay only for the used part of the disk.',
      'If the disk is repaired offline: Kept OS disk (Premium_LRS, 127 GiB): about $0.65 a day, about $4.54 for 7 days.',
      expect.stringMatching(
        /^All costs are estimates in USD from a built-in table of pay-as-you-go list prices.* for East US, .* in \d{4}-\d{2}\. Prices differ/,
      ),
    ]);
  });

  it('is nothing for a diagnosis, and keeps nothing after a dry run', () => {
    expect(plannedCosts(VM, { mode: 'diagnose', options: OPTIONS }, SIZE, false)).toEqual([]);
    const lines = plannedCosts(VM, { mode: 'rehearse', options: OPTIONS }, SIZE, true);
    expect(lines.join('\n')).not.toMatch(/Snapshot|Kept/);
  });

  it('is counted afterwards by how long the rescue VM stood, and by what is kept', () => {
    const lines = actualCosts(
      VM,
      record({ snapshot: 1, rehearsal: 4, 'offline-repair': 5, 'clean-up': 1 }),
      SIZE,
    );
    expect(lines[0]).toMatch(/^Rescue VM for about 10 minutes: about \$0\.03/);
    expect(lines.join('\n')).toMatch(/Kept OS disk/);
  });

  it('counts a wait for a person only as long as the rescue VM is kept', () => {
    const lines = actualCosts(VM, record({ snapshot: 1, rehearsal: 4, approval: 600 }), SIZE);
    expect(lines[0]).toMatch(/^Rescue VM for about 34 minutes/);
  });

  it('has no rescue VM where none was built, and nothing where nothing was made', () => {
    const online = record({ snapshot: 1, tls: 2 }, { originalDisk: undefined });
    expect(actualCosts(VM, online, SIZE)).toEqual([
      expect.stringMatching(/^Snapshot/),
      expect.stringMatching(/^All costs are estimates in USD/),
    ]);
    expect(actualCosts(VM, record({ preflight: 1 }), SIZE)).toEqual([]);
  });

  it.each([
    ['Premium_LRS', 128, '$0.65 a day'],
    ['Premium_LRS', 129, '$1.25 a day'],
    ['StandardSSD_ZRS', 127, '$0.47 a day'],
    ['Standard_LRS', 30, '$0.05 a day'],
  ])('takes a disk %s of %i GiB for the next larger one that is offered', (sku, sizeGb, price) => {
    const lines = plannedCosts(osDisk(sku, sizeGb), { mode: 'full', options: OPTIONS }, SIZE, true);
    expect(lines.join('\n')).toContain(price);
  });

  it('says what the table does not hold, instead of guessing', () => {
    const strange = osDisk('UltraSSD_LRS', 128);
    const lines = plannedCosts(
      strange,
      { mode: 'full', options: OPTIONS },
      { rescueVmSize: 'Standard_X9z_v9' },
      true,
    );
    expect(lines.join('\n')).toMatch(/no price known for size Standard_X9z_v9/);
    expect(lines.join('\n')).toMatch(/no price known for UltraSSD_LRS, 128 GiB/);
    expect(lines.join('\n')).not.toContain('NaN');
  });
});
