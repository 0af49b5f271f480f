import * as z from 'zod';
import { sleep } from '../../../../lab/clock/sleep.ts';
import { parseActors } from '../../../../lab/actors/parse.ts';
import { DEFAULT_BEHAVIOUR } from '../../../../lab/arm/behaviour.ts';
import { isWithin } from '../../../../lab/arm/store/resource-id.ts';
import { parseFaults } from '../../../../lab/faults/parse.ts';
import { corruptTermService } from '../../../../lab/fleet/faults/beyond-repair.ts';
import { disableAgent } from '../../../../lab/fleet/faults/settings.ts';
import { fleetVm } from '../../../../lab/fleet/index.ts';
import { giveWriter } from '../../../../lab/windows/writer.ts';
import type { Lab } from '../../../../lab/arm/start-lab.ts';
import type { VmSpec } from '../../../../lab/arm/vm-spec.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../../../shared/model/record.ts';
import { instanceOfRemediation } from '../../../../shared/model/remediation-id.ts';
import { requestFor } from '../../support/offline-repair.ts';
import type { Theatre } from '../../support/theatre.ts';
import type { Change, Played } from './played.ts';
import { speak } from './person.ts';
import { BEHAVIOURS, scopeOf, vmIdOf, type Scenario } from './scenario.ts';
import { watch } from './watch.ts';
import { lookAtWorld } from './world.ts';

const HOUR = 3600 * 1000;
/** Longer than any remediation without an approval takes: one that has not ended by then never will. */
const PATIENCE = 72 * HOUR;
/** Whoever is told at the door that Azure did not answer asks again, so often. */
const ASKED_AT_MOST = 5;
const started = z.object({ id: z.string() });

function specOf(scenario: Scenario, now: number): VmSpec {
  const { spec } = fleetVm(scenario.vm, { now });
  if (scenario.silent) disableAgent(spec.osDisk);
  if (scenario.hopeless) corruptTermService(spec.osDisk);
  scenario.dress?.(spec.osDisk);
  giveWriter(spec.osDisk);
  const { name, subscriptionId } = scenario;
  return { ...spec, name, subscriptionId, resourceGroup: name };
}

/** Puts the VM of a run into the lab. */
export async function addRun(lab: Lab, scenario: Scenario, now: number): Promise<void> {
  await lab.addVm(specOf(scenario, now));
}

/** Plays runs that share a behaviour, all at once: each has its own VM in its own group, and knows nothing of the others. */
export async function play(theatre: Theatre, scenarios: readonly Scenario[], now: number): Promise<Played[]> {
  const { lab } = theatre.stage;
  Object.assign(lab.behaviour, DEFAULT_BEHAVIOUR, BEHAVIOURS[scenarios[0]?.behaviour ?? 0]);
  for (const scenario of scenarios) await addRun(lab, scenario, now);
  lab.faults.add(...scenarios.flatMap(({ faults }) => parseFaults(faults)));
  lab.actors.add(...scenarios.flatMap(({ actors }) => parseActors(actors)));
  return observe(theatre, scenarios, (scenario) => remediate(theatre, scenario));
}

/** How a run ended, as its record tells it. */
export interface End {
  record: RemediationRecord | undefined;
  /** Why there is no record. */
  why: string;
}

/** Looks at the world of each run, lets something happen in all of them at once, and tells what came of it. */
export async function observe(
  theatre: Theatre,
  scenarios: readonly Scenario[],
  happen: (scenario: Scenario) => Promise<End>,
): Promise<Played[]> {
  const { lab } = theatre.stage;
  const look = (scenario: Scenario) => lookAtWorld(lab, scopeOf(scenario), vmIdOf(scenario));
  const before = new Map(scenarios.map((scenario) => [scenario, look(scenario)]));
  const { next } = lab.faults;
  const glimpses = watch(lab, scenarios);
  const begun = lab.activity().at(-1);

  const ended = await Promise.all(scenarios.map(happen));
  lab.faults.next = next;
  lab.actors.clear();
  lab.faults.clear();
  await lab.actors.idle();

  const activity = lab.activity();
  const changes = activity
    .slice(begun ? activity.indexOf(begun) + 1 : 0)
    .map((one): Change => ({ ...one, ours: !one.caller.endsWith('@contoso.example') }));
  return scenarios.map((scenario, index): Played => {
    const { record, why } = ended[index] ?? { record: undefined, why: 'not played' };
    const world = look(scenario);
    return {
      scenario,
      record,
      why,
      before: before.get(scenario) ?? world,
      after: world,
      changes: changes.filter(({ resource }) =>
        isWithin(resource, `/subscriptions/${scenario.subscriptionId}`),
      ),
      glimpses: glimpses.get(scenario) ?? [],
      leftovers: [],
    };
  });
}

/** Whether to ask again: the service, or Azure when it was asked about the VM, is busy. A VM that is being repaired already is another 409. */
async function saysLater(answer: Response): Promise<boolean> {
  if (answer.status === 429 || answer.status === 503) return true;
  return answer.status === 409 && (await answer.clone().text()).includes('AzureConflict');
}

async function remediate(theatre: Theatre, scenario: Scenario): Promise<End> {
  const { stage } = theatre;
  const { mode, way, person } = scenario;
  const request = { vmId: vmIdOf(scenario), mode, ...requestFor(way) };
  const ask = () => stage.call('POST', '/api/remediations', request);
  let answer = await ask();
  for (let asked = 1; asked < ASKED_AT_MOST && (await saysLater(answer)); asked++) answer = await ask();
  let hasEnded = false;
  return endOf(theatre, answer, (id) => {
    const spoken = speak(theatre, id, person, () => hasEnded);
    return async () => {
      hasEnded = true;
      await spoken;
    };
  });
}

/**
 * Waits for the end of what was asked for, if it was accepted.
 * @param beside what is said to it meanwhile; gives back what ends that
 */
export async function endOf(
  { stage }: Theatre,
  answer: Response,
  beside: (id: string) => () => Promise<void> = () => () => Promise.resolve(),
): Promise<End> {
  const { clock } = stage.lab;
  if (answer.status !== 202) return { record: undefined, why: await answer.text() };
  const { id } = started.parse(await answer.json());
  const silence = beside(id);
  const finished = stage.host.finished(instanceOfRemediation(id) ?? id);
  const tooLong = new Promise<'too long'>((resolve) => {
    const timer = clock.setTimer(clock.now() + PATIENCE, () => {
      resolve('too long');
    });
    void finished.then(() => {
      timer.cancel();
    });
  });
  const end = await Promise.race([finished, tooLong]);
  await silence();
  if (end === 'too long') return { record: undefined, why: `never ended: ${id}` };
  const record = await stage.call('GET', `/api/remediations/${id}`);
  return { record: remediationRecordSchema.parse(await record.json()), why: '' };
}

/** Puts locks and rights right, and sends the janitor round once. */
export async function tidyUp({ stage }: Theatre, played: readonly Played[]): Promise<void> {
  const { lab, host } = stage;
  for (const { scenario } of played)
    lab.actors.add(...parseActors(`now -> unlock, grant, allow on ${vmIdOf(scenario)}`));
  while (lab.actors.pending().length > 0) await new Promise(setImmediate);
  await lab.actors.idle();
  // Rights that were given back count only after a while.
  await sleep(lab.clock, lab.behaviour.roleChangeSeconds * 1000);
  await stage.call('POST', '/admin/functions/janitor', {});
  await host.idle();
  await host.finished('janitor');
}

/**
 * What has the tags of a remediation or a name that one gives, and is neither kept by the word of its record nor under a VM. A copy that
 * became the VM's own disk is its owner's, also when he takes it off again: its tags are gone by then.
 */
export function leftoversOf({ stage }: Theatre, { scenario, record, repair, before }: Played): string[] {
  const { lab } = stage;
  const kept = new Set(
    [record, repair]
      .flatMap((one) => [...(one?.cleanup.kept ?? []), one?.originalDisk?.id ?? '', one?.snapshot?.id ?? ''])
      .map((id) => id.toLowerCase()),
  );
  const given = (record?.originalDisk ? record.steps : [])
    .flatMap(({ actions }) => actions)
    .filter(({ what }) => what === 'swap-os-disk' || what === 'rebuild-vm')
    .map(({ after }) => after?.toLowerCase());
  const osDisk = lookAtWorld(lab, scopeOf(scenario), vmIdOf(scenario)).vm?.osDiskId;
  return (
    lab
      .resources()
      .filter(({ id }) => isWithin(id, scopeOf(scenario)))
      .filter(
        ({ id, name, tags }) =>
          tags?.['rdp-medic-remediation'] !== undefined ||
          (name.startsWith('rdp-medic-') && !given.includes(id.toLowerCase())),
      )
      .map(({ id }) => id.toLowerCase())
      .filter((id) => !kept.has(id) && id !== osDisk)
      // The VM's own disk that could not be put back, or a copy that could not be tagged: whoever reads the report is told.
      .filter((id) => !(id === before.vm?.osDiskId || id.endsWith('-repair-disk')) || !isNamed(record, id))
  );
}

function isNamed(record: RemediationRecord | undefined, id: string): boolean {
  const told = [...(record?.advice ?? []), ...(record?.warnings ?? [])].join(' ').toLowerCase();
  return told.includes(`/${id.split('/').at(-1) ?? id}`);
}
