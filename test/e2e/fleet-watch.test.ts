import * as z from 'zod';
import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../lab/arm/start-lab.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const MANAGEMENT = '/runtime/webhooks/durabletask/instances';

const now = Date.now();
const statusSchema = z.object({
  output: z.object({
    asked: z.int(),
    ill: z.array(z.object({ vmId: z.string(), state: z.string() })),
    requested: z.array(z.string()),
    unread: z.array(z.string()),
  }),
});
type Round = z.infer<typeof statusSchema>['output'];
const listSchema = z.object({ remediations: z.array(z.looseObject({ vmId: z.string() })) });

let theatre: Theatre;
beforeAll(async () => {
  const names = ['rdp-certificate', 'tls', 'healthy', 'stopped', 'linux', 'peer'];
  theatre = await openTheatre(198, {
    fleet: names.map((name) => fleetVm(name, { now })),
    settings: { RDP_MEDIC_FLEET_WATCH_MINUTES: '15' },
    // The role is on the group alone, so the subscription may not be listed as a whole.
    lab: { assignedScopes: [LAB_GROUP_ID] },
    policy: { scope: { subscriptions: [LAB_SUBSCRIPTION], resourceGroups: ['rg-fleet', 'rg-other'] } },
  });
  const { lab } = theatre.stage;
  for (const name of names.filter((one) => one !== 'tls')) lab.vm(name).tags = { 'RDP-Medic': 'Enabled' };
});
afterAll(() => theatre.close());

/** Fires the timer, waits for the round, and gives back what it saw. */
async function round(): Promise<Round> {
  const { stage } = theatre;
  expect((await stage.call('POST', '/admin/functions/fleet-watch', {})).status).toBe(202);
  await stage.host.idle();
  await stage.host.finished('fleet-watch');
  return statusSchema.parse(await (await stage.call('GET', `${MANAGEMENT}/fleet-watch`)).json()).output;
}

const idOf = (name: string): string => theatre.stage.lab.vm(name).id.toLowerCase();

async function remediated(): Promise<string[]> {
  const answer = await theatre.stage.call('GET', '/api/remediations');
  return listSchema.parse(await answer.json()).remediations.map(({ vmId }) => vmId.toLowerCase());
}

it('asks what is opted in and runs, and requests a repair of what is ill twice', async () => {
  const seen = await round();
  expect(seen.ill.map(({ vmId, state }) => ({ vmId, state }))).toEqual([
    { vmId: idOf('rdp-certificate'), state: 'certificate-expired' },
  ]);
  expect(seen).toMatchObject({ asked: 3, requested: [idOf('rdp-certificate')] });
});

it('tells where it may not look', async () => {
  const { unread } = await round();
  expect(unread).toEqual([`/subscriptions/${LAB_SUBSCRIPTION}/resourceGroups/rg-other`]);
});

it('has it repaired by the queue and the policy, as any alert; the VM that nobody has opted in is left alone', async () => {
  await theatre.stage.host.finished(instanceIdOf(idOf('rdp-certificate')));
  expect(await theatre.rdpOf('rdp-certificate')).toMatchObject({ state: 'healthy' });
  expect(await remediated()).toEqual([idOf('rdp-certificate')]);
  expect(await theatre.rdpOf('tls')).toMatchObject({ state: 'tls-failed' });
});
