import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { parseActors } from '../../../lab/actors/parse.ts';
import { createScaledClock } from '../../../lab/clock/scaled.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { planOf } from '../support/approval.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';
import { eachOf } from '../../support/rows.ts';

const now = Date.now();
const NAMES = ['restore', 'stop', 'delete', 'recreate'] as const;
const listSchema = z.object({ remediations: z.array(z.object({ id: z.string(), phase: z.string() })) });
/** A virtual clock would jump over the time a person takes to answer. */
const clock = createScaledClock({ epoch: now, startedAtRealMs: now, rate: 120 });

let theatre: Theatre;
beforeAll(async () => {
  const fleet = NAMES.map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(59, { clock, fleet, policy: { approval: { modes: ['full'] } } });
});
afterAll(() => theatre.close());

async function waiting(name: string): Promise<string> {
  for (;;) {
    await sleep(50);
    const list = await theatre.stage.call('GET', `/api/remediations?vm=${theatre.stage.lab.vm(name).id}`);
    const found = listSchema.parse(await list.json()).remediations.find(({ phase }) => phase === 'approval');
    if (found) return found.id;
  }
}

eachOf(NAMES, 3)(
  'a VM is not taken down where its owner did this while approval was waited for: %s',
  async (deed) => {
    const { lab } = theatre.stage;
    const vmId = lab.vm(deed).id;
    const ended = theatre.remediate(deed);
    const id = await waiting(deed);
    lab.actors.add(...parseActors(`owner: now -> ${deed} on ${deed}`));
    while (lab.actors.pending().length > 0) await sleep(20);
    await lab.actors.idle();
    const asLeft = structuredClone(lab.store.virtualMachines.find(vmId));
    await theatre.stage.callAsApprover('POST', `/api/remediations/${id}/approval`, {
      approved: true,
      plan: await planOf(theatre, id),
    });
    const record = await ended;

    expect(record.outcome?.kind).toBe('failed');
    expect(record.errors.map(({ code }) => code)).toContain(deed === 'delete' ? 'VmNotFound' : 'Moved');
    const after = lab.store.virtualMachines.find(vmId);
    expect(after?.power).toBe(asLeft?.power);
    expect(after?.vmId).toBe(asLeft?.vmId);
    expect(after?.properties.storageProfile).toEqual(asLeft?.properties.storageProfile);
    expect(lab.requests().filter(({ path }) => path.startsWith(`${vmId}/deallocate`))).toEqual([]);
    expect(record.cleanup.leftovers).toEqual([]);
  },
);
