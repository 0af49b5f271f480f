import { scenarioOf } from '../e2e/moving/model/scenario.ts';
import { play } from '../e2e/moving/model/play.ts';
import { openTheatre, type Theatre } from '../e2e/support/theatre.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { LAB_SUBSCRIPTION } from '../../lab/arm/start-lab.ts';
const seed = Number(process.env['SEED']);
const now = Date.now();
it('x', async () => {
  const s = scenarioOf(seed);
  const theatre = await openTheatre(191, { fleet: [fleetVm('peer', { now })], probeSeconds: 0.5, lab: { assignedScopes: [LAB_SUBSCRIPTION, s.subscriptionId].map((id) => `/subscriptions/${id}`) }, policy: { limits: { coolDownMinutes: 0, attemptsPerDay: 100, concurrentPerSubscription: 1000 }, defaults: { options: { adminAddresses: ['198.51.100.7'] } }, ...(process.env['ASK'] ? { approval: { modes: ['full'] as const } } : {}) } as never });
  const [played] = await play(theatre, [s], now);
  const t0 = Date.parse(played!.record!.startedAt);
  console.log(played!.changes.map((c) => `${((c.at - t0) / 1000).toFixed(0)}-${(((c as any).endedAt ?? c.at) - t0) / 1000 | 0}s ${c.ours ? 'WE ' : c.caller} ${c.method} ${c.action.replace('Microsoft.', '')} ${c.resource.split('/').at(-1)} ${c.httpStatus} ${c.status}`).join('\n'));
  console.log(played!.record!.steps.map((st) => `${(Date.parse(st.startedAt) - t0) / 1000 | 0}s ${st.id} ${st.state} ${st.title}`).join('\n'), JSON.stringify(played!.record!.errors), JSON.stringify(played!.record!.undo.map(({description,done,error})=>[description,done,error?.message])));
  await theatre.close();
}, 300000);
