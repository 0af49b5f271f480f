import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storageAccount } from '../support/storage.ts';
import { comparable, compareFleet } from './compared/compare-fleet.ts';
import type { Compared } from './compared/document.ts';

const OFFLINE = 'tls-agent-not-ready';
const ONLINE = 'rdp-denied';
const DOCUMENT = readFileSync('docs/compared-with-az-vm-repair.md', 'utf8');

let rows: Compared[];
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rdp-medic-compared-'));
  rows = await compareFleet({ folder, storage: storageAccount(140) }, (now) =>
    comparable(now).filter(({ spec }) => [OFFLINE, ONLINE].includes(spec.name)),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const rowOf = (name: string): Compared => {
  const row = rows.find((one) => one.name === name);
  if (!row) throw new Error(`${name} was not compared.`);
  return row;
};

/** Numbers of a line of the table, in its order: ours and theirs in turn. */
function told(name: string): number[] {
  const line = DOCUMENT.split('\n').find((text) => text.startsWith(`| \`${name}\``)) ?? '';
  return line
    .split('|')
    .slice(3, -1)
    .map((cell) => Number.parseInt(cell, 10));
}

it.each([ONLINE, OFFLINE])('the table still tells of %s what both take', (name) => {
  const { medic, vmRepair } = rowOf(name);
  const measured = [
    [medic.untilRdp, vmRepair.untilRdp],
    [medic.down, vmRepair.down],
    [medic.calls, vmRepair.calls],
    [medic.left, vmRepair.left],
    [medic.lost, vmRepair.lost],
  ].flat();
  told(name).forEach((number, index) => {
    const now = measured[index] ?? Number.NaN;
    // Some looks more or less change no story.
    expect(Math.abs(now - number)).toBeLessThanOrEqual(Math.max(4, number * 0.15));
  });
  expect(told(name)).toHaveLength(measured.length);
});

it('both make RDP answer; the one loses no write, the other what was written between copy and swap', () => {
  for (const name of [ONLINE, OFFLINE]) {
    expect(rowOf(name)).toMatchObject({
      medic: { lost: 0, left: 0, untilRdp: expect.any(Number) },
      vmRepair: { left: 1, untilRdp: expect.any(Number) },
    });
    expect(rowOf(name).vmRepair.lost).toBeGreaterThan(100);
  }
  expect(rowOf(ONLINE).medic.down).toBe(0);
});
