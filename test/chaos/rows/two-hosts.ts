import * as z from 'zod';
import { createChance } from '../../../lab/actors/random.ts';
import { APP_ENTRY, HOST_JSON } from '../../../local/app-entry.ts';
import { startHost } from '../../../local/host/start-host.ts';
import { addRun } from '../../e2e/moving/model/play.ts';
import { vmIdOf, type Scenario } from '../../e2e/moving/model/scenario.ts';
import { instanceOf, runOf, STORIES } from '../support/arena.ts';
import type { MortalTheatre } from '../support/mortal-theatre.ts';

const listSchema = z.object({
  remediations: z.array(z.object({ id: z.string(), outcome: z.string().optional() }).loose()),
});
/** How often each VM is asked for at each of the hosts, all at once. */
const ASKED = 3;
/** Real milliseconds within which a host sees what another one wrote or left (local/host/keep-share.ts). */
const SEES_WITHIN = 250;

/**
 * Two hosts of one hub, both stormed with requests for the same VMs, and one of them dies at random. Gives back what is wrong: each VM has
 * one remediation, repaired.
 */
export async function stormTwoHosts(theatre: MortalTheatre, vms: number, seed: number): Promise<string[]> {
  const { stage, host, reaper, statePath, storage } = theatre;
  const { clock } = stage.lab;
  const chance = createChance(seed);
  const scenarios = Array.from({ length: vms }, () => runOf(STORIES.online));
  for (const scenario of scenarios) await addRun(stage.lab, scenario, Date.now());
  const other = await startHost({
    entry: APP_ENTRY,
    hostJson: HOST_JSON,
    statePath,
    clock,
    storageConnection: storage,
    timerTriggers: 'off',
    extendedSessions: true,
    functionKey: host.functionKey,
  });
  reaper.afterTurn = () => chance() < 1 / 200;
  try {
    await storm(theatre, other.url, scenarios);
    for (const scenario of scenarios)
      await Promise.race([other, host].map((one) => one.finished(instanceOf(scenario))));
    reaper.afterTurn = undefined;
    return (await Promise.all(scenarios.map((scenario) => wrongWith(theatre, scenario)))).flat();
  } finally {
    reaper.afterTurn = undefined;
    await Promise.all([other.idle(), host.idle()]);
    await other.close();
  }
}

/** Time stands still until each host has seen what the other took. */
async function storm(
  { stage, host }: MortalTheatre,
  otherUrl: string,
  scenarios: readonly Scenario[],
): Promise<void> {
  const release = stage.lab.clock.hold();
  const ask = (scenario: Scenario) => ({ vmId: vmIdOf(scenario) });
  const atOther = (scenario: Scenario): Promise<Response> =>
    fetch(`${otherUrl}/api/remediations`, {
      method: 'POST',
      headers: { 'x-functions-key': host.functionKey, 'content-type': 'application/json' },
      body: JSON.stringify(ask(scenario)),
    });
  const answers = await Promise.all(
    scenarios.flatMap((scenario) =>
      Array.from({ length: ASKED }, () => [
        stage.call('POST', '/api/remediations', ask(scenario)),
        atOther(scenario),
      ]).flat(),
    ),
  );
  // An answer that is not read keeps its connection.
  await Promise.all(answers.map((answer) => answer.text()));
  await new Promise((resolve) => setTimeout(resolve, SEES_WITHIN));
  release();
}

async function wrongWith({ stage }: MortalTheatre, scenario: Scenario): Promise<string[]> {
  const answer = await stage.call('GET', `/api/remediations?vm=${vmIdOf(scenario)}`);
  const { remediations } = listSchema.parse(await answer.json());
  const snapshots = stage.lab
    .activity()
    .filter(
      ({ action, resource, method, httpStatus }) =>
        method === 'PUT' &&
        httpStatus < 300 &&
        action.endsWith('snapshots/write') &&
        resource.includes(`/${scenario.name}/`),
    );
  const ids = new Set(snapshots.map(({ resource }) => resource.toLowerCase()));
  return [
    ...(remediations.length === 1
      ? []
      : [`${scenario.name} has ${String(remediations.length)} remediations`]),
    ...(stage.lab.vm(vmIdOf(scenario)).power === 'running' ? [] : [`${scenario.name} does not run`]),
    ...(ids.size === 1 ? [] : [`${scenario.name} has ${String(ids.size)} snapshots`]),
  ];
}
