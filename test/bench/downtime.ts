/** How long the VM is down for its offline repair, in lab time, and what of it is Azure's own: `npm run bench`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { startAzurite } from '../../local/azurite.ts';
import { openStage } from '../../local/stage.ts';
import { lossSchema } from '../../shared/model/rebuild.ts';
import { remediationRecordSchema } from '../../shared/model/record.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { restoreWaySchema, type RestoreWay } from '../../shared/model/request.ts';
import { takeDownSchema, type TakeDown } from '../../shared/model/settings.ts';
import { chainOf, type Link } from './timeline.ts';

const VM = 'tls-agent-not-ready';

interface Measured {
  outcome: string;
  /** From our asking to stop until RDP answers. */
  downtime: number;
  /** From the request until RDP answers. */
  untilRdp: number;
  before: Link[];
  down: Link[];
}

async function measure(takeDown: TakeDown, restoreWay: RestoreWay, storage: string): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-bench-'));
  const clock = createVirtualClock(Date.now());
  const stage = await openStage({
    clock,
    folder,
    storage,
    fleet: [fleetVm(VM, { now: clock.now() })],
    settings: { RDP_MEDIC_TAKE_DOWN: takeDown },
  });
  try {
    const { lab, host } = stage;
    const asked = clock.now();
    const acceptLosses = restoreWay === 'rebuild' ? lossSchema.options : [];
    const answer = await stage.call('POST', '/api/remediations', {
      vmId: lab.vm(VM).id,
      options: { restoreWay, acceptLosses },
    });
    if (!answer.ok) throw new Error(await answer.text());
    const { id } = z.object({ id: z.string() }).parse(await answer.json());
    await host.finished(instanceOfRemediation(id) ?? id);
    const kept = await stage.call('GET', `/api/remediations/${id}`);
    const record = remediationRecordSchema.parse(await kept.json());
    const stop = lab.activity().find(({ action, resource }) => isStop(action) && resource.endsWith(`/${VM}`));
    const verify = record.steps.find((step) => step.id === 'verify');
    if (!stop || verify?.endedAt === undefined)
      throw new Error(`${record.outcome?.summary ?? ''} ${JSON.stringify(record.errors)}`);
    const answers = Date.parse(verify.endedAt);
    return {
      outcome: record.outcome?.kind ?? '',
      downtime: (answers - stop.at) / 1000,
      untilRdp: (answers - asked) / 1000,
      before: chainOf(lab.activity(), asked, stop.at),
      down: chainOf(lab.activity(), stop.at, answers),
    };
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function isStop(action: string): boolean {
  return /\/virtualMachines\/(deallocate|powerOff)\/action$/.test(action);
}

function tell(title: string, { outcome, downtime, untilRdp, before, down }: Measured): void {
  console.log(`\n${title}: ${outcome}, down ${downtime} s, RDP answers ${untilRdp} s after the request`);
  for (const [name, links] of [
    ['before it goes down', before],
    ['while it is down', down],
  ] as const) {
    const sum = links.reduce((seconds, { took }) => seconds + took, 0);
    console.log(`  ${name}: Azure ${Math.round(sum)} s`);
    for (const { what, begun, took, idle } of links)
      console.log(
        `    ${begun.toFixed(1).padStart(6)}  ${took.toFixed(1).padStart(5)} s  then ${idle.toFixed(1).padStart(4)} s  ${what}`,
      );
  }
}

/** Each in a process of its own: the app reads its settings once. */
async function measureAll(): Promise<void> {
  const azurite = await startAzurite();
  const cases = takeDownSchema.options.flatMap((takeDown) =>
    (['swap', 'rebuild'] as const).map((way) => [takeDown, way] as const),
  );
  try {
    for (const [index, [takeDown, way]] of cases.entries()) {
      const storage = azurite.connectionString(`account${index + 1}`);
      spawnSync(process.execPath, [import.meta.filename, takeDown, way, storage], { stdio: 'inherit' });
    }
  } finally {
    await azurite.close();
  }
}

const [takeDown, way, storage] = process.argv.slice(2);
if (storage === undefined) await measureAll();
else
  tell(
    `${takeDown ?? ''}, ${way ?? ''}`,
    await measure(takeDownSchema.parse(takeDown), restoreWaySchema.parse(way), storage),
  );
