import { makeFleet, makeRefusedVms } from '../../../lab/fleet/index.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { composeScript } from '../../../shared/catalog/guest-scripts.ts';
import { diagnose } from '../../../shared/causes/catalogue.ts';
import { guestResultSchema, RESULT_MARKER, type Finding } from '../../../shared/model/guest-result.ts';
import { CAUSES as BROKEN_IN_EVERY_WAY } from '../../guest/online/support/causes.ts';
import { diskOf, NOW, type Bench, type BenchVm } from '../../lab/windows/support.ts';
import { lookAt } from './facts.ts';
import { createBench, patientOf } from './medic.ts';

/*
 * What the causes judge of collected facts is what the script `online/diagnose` judged inside of Windows, but for what it got wrong.
 */

/** Judged in another way, on purpose. */
const OTHERWISE: Readonly<Record<string, string>> = {
  AgentVersion: 'read from the service key, not from the running service',
  CheckFailed: 'every fact that was not read is told',
  LoggedErrors: 'services that did not start are counted as well',
  ClockSkew: 'a cause with advice: a fault in a domain',
  SchannelAlgorithmsOff: 'a cause of its own, and a fault where none of a kind is left',
  CipherListEmpty: 'a cause of its own, and mended',
  TermServiceMissing: 'a cause of its own, with advice',
  TermServiceSilent: 'was not seen',
  OtherKeysUnreadable: 'keys of other software are left alone',
};

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

async function before({ guest }: BenchVm): Promise<Finding[]> {
  const { stdout } = await guest.runScript({ text: composeScript('online/diagnose'), parameters: {} });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  return guestResultSchema.parse(JSON.parse(line.slice(RESULT_MARKER.length))).findings;
}

async function now(vm: BenchVm): Promise<Finding[]> {
  return diagnose(lookAt(await patientOf(bench, vm).facts()));
}

/** Severity, cause and code of each, once. */
function kinds(findings: readonly Finding[]): string[] {
  const judged = findings.filter(({ code }) => OTHERWISE[code] === undefined);
  return [
    ...new Set(judged.map(({ severity, cause = '', code }) => `${severity} ${cause} ${code}`)),
  ].toSorted();
}

async function expectTheSame(name: string, disk: GuestDisk): Promise<void> {
  const vm = await bench.boot(name, { disk });
  expect(kinds(await now(vm))).toEqual(kinds(await before(vm)));
  await vm.guest.powerOff();
}

const fleet = [...makeFleet({ now: NOW }), ...makeRefusedVms({ now: NOW })]
  .filter(({ spec }) => spec.osType !== 'Linux')
  .map(({ spec }) => spec.name)
  .filter((name) => name !== 'tls-agent-not-ready');

describe('judged by facts as by the script before', () => {
  it.each(fleet)('%s', (name) => expectTheSame(name, diskOf(name)));

  it.each(BROKEN_IN_EVERY_WAY.map(({ fault, vm, faults = [] }) => ({ fault, vm, faults })))(
    '$fault',
    async ({ vm, faults }) => {
      const disk = diskOf(vm);
      for (const fault of faults) fault(disk);
      await expectTheSame(vm, disk);
    },
  );
});
