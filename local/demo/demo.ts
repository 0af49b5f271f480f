import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as z from 'zod';
import type { RemediationRecord } from '../../shared/model/record.ts';
import type { Stage } from '../stage.ts';
import { alertFor } from './alert.ts';
import { askRdp, fleetTable } from './fleet-view.ts';
import { follow } from './follow.ts';
import { openPerformance, untilInterrupted } from './performance.ts';
import { duration, paint, say, table } from '../terminal/screen.ts';

/** One repaired while it runs, one that needs the rescue VM, one that is attacked through an open rule. */
const PATIENTS = ['rdp-certificate', 'tls-agent-not-ready', 'open-to-internet'];
/** Where the demo leaves its reports: in the folder in which it is called. */
const OUTPUT = join(process.cwd(), '.rdp-medic');
/** Seconds of lab time in a real one: ten minutes of Azure in some ten seconds. */
const RATE = 80;

const answerSchema = z.object({
  results: z.array(
    z.object({
      vmId: z.string(),
      status: z.string(),
      id: z.string().optional(),
      location: z.string().optional(),
    }),
  ),
});

/** The main job, shown: an alert for three broken VMs comes in, and they get well. Exit code 0 only if all did. */
export async function runDemo(): Promise<number> {
  say(paint('bold', 'RDP Medic: three VMs whose RDP says "An internal error has occurred"'));
  say(
    paint(
      'dim',
      `Starting Azurite, a simulated Azure and the Functions host; lab time runs ${String(RATE)} times as fast as real time.\n`,
    ),
  );
  const performance = await openPerformance(join(OUTPUT, 'demo'), RATE);
  try {
    const interrupted = untilInterrupted().then(() => 130);
    return await Promise.race([play(performance.stage), interrupted]);
  } finally {
    await performance.close();
  }
}

async function play(stage: Stage): Promise<number> {
  const { lab, fleet } = stage;
  say(await fleetTable(lab, fleet));
  const before = new Set(lab.resources().map(({ id }) => id.toLowerCase()));
  const rdpBefore = await Promise.all(PATIENTS.map((name) => askRdp(lab, name)));

  say(`\nAn Azure Monitor alert (common alert schema) fires for ${PATIENTS.join(', ')}:\n`);
  const answer = await stage.call('POST', '/api/alerts', alertFor(PATIENTS.map((name) => lab.vm(name).id)));
  const { results } = answerSchema.parse(await answer.json());
  const ids = results.flatMap(({ location }) =>
    location ? [location.slice(location.lastIndexOf('/') + 1)] : [],
  );
  if (ids.length !== PATIENTS.length)
    throw new Error(`not every alert target was accepted: ${JSON.stringify(results)}`);

  const records = await Promise.all(ids.map((id) => follow(stage, id)));
  const reports = await keepReports(stage, records);
  const rdpAfter = await Promise.all(
    records.map(({ vm, outcome }) => askRdp(lab, vm.name, outcome?.rdpPort)),
  );
  const leftovers = leftoversOf(stage, before, records);

  say(
    `\n${table(
      ['VM', 'outcome', 'lab time', 'RDP before', 'RDP after', 'report'],
      records.map((record, index) => [
        record.vm.name,
        record.outcome?.kind ?? '-',
        duration(Date.parse(record.endedAt ?? record.startedAt) - Date.parse(record.startedAt)),
        rdpBefore[index]?.state ?? '-',
        rdpAfter[index]?.state ?? '-',
        reports[index] ?? '-',
      ]),
    )}`,
  );
  const well = rdpAfter.filter(({ state }) => state === 'healthy').length;
  say(
    `\n${String(well)} of ${String(records.length)} VMs answer RDP; ${String(leftovers.length)} leftovers (snapshots and the original disk are kept for rollback until the date in their tags).`,
  );
  for (const id of leftovers) say(`left behind: ${id}`);
  return well === records.length && leftovers.length === 0 ? 0 : 1;
}

async function keepReports(stage: Stage, records: readonly RemediationRecord[]): Promise<string[]> {
  const folder = join(OUTPUT, 'reports');
  mkdirSync(folder, { recursive: true });
  return Promise.all(
    records.map(async ({ id, vm }) => {
      const report = await stage.call('GET', `/api/remediations/${id}/report`);
      const file = join(folder, `${vm.name}.html`);
      writeFileSync(file, await report.text());
      return relative(process.cwd(), file);
    }),
  );
}

/** What stands now, did not before, is under no VM, and no record says it is kept. */
function leftoversOf(
  { lab }: Stage,
  before: ReadonlySet<string>,
  records: readonly RemediationRecord[],
): string[] {
  const kept = new Set(records.flatMap(({ cleanup }) => cleanup.kept.map((id) => id.toLowerCase())));
  const inUse = new Set(
    records.map(({ vm }) =>
      lab.vm(vm.name).properties.storageProfile?.osDisk?.managedDisk?.id?.toLowerCase(),
    ),
  );
  return lab
    .resources()
    .map(({ id }) => id.toLowerCase())
    .filter((id) => ![before, kept, inUse].some((set) => set.has(id)));
}
