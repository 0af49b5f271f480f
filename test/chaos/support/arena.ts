import type { RemediationRecord } from '../../../shared/model/record.ts';
import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import type { GuestFactory } from '../../../lab/windows/guest.ts';
import { judge } from '../../e2e/moving/model/judge.ts';
import { deedOf, succeeded, type Played } from '../../e2e/moving/model/played.ts';
import { scenarioOf, vmIdOf, type Scenario } from '../../e2e/moving/model/scenario.ts';
import { raiseQuota, stageOf } from '../../e2e/moving/model/stage-of.ts';
import type { StageOptions } from '../../../local/stage.ts';
import { openMortalTheatre, type MortalTheatre } from './mortal-theatre.ts';

/** A remediation that the rows of the suite interfere with. */
export interface Story {
  name: string;
  /** How it ends where nobody interferes. */
  ends: NonNullable<RemediationRecord['outcome']>['kind'];
  plot: Partial<Scenario>;
  /** The call up to which it does what the story of a swap does: Azure is at fault from there on. */
  from?: string;
  /** What is interfered with is the rollback of a repair that nobody interfered with. */
  goesBack?: true;
}

const CALM: Partial<Scenario> = { actors: '', faults: '', hopeless: false, behaviour: 0, person: {} };
const OFFLINE: Partial<Scenario> = { ...CALM, vm: 'tls', silent: true, mode: 'full' };

/** One remediation of each kind. */
export const STORIES = {
  online: {
    name: 'online',
    ends: 'repaired-online',
    plot: { ...CALM, vm: 'tls', silent: false, mode: 'full', way: 'swap' },
  },
  swap: { name: 'offline, by swap', ends: 'repaired-offline', plot: { ...OFFLINE, way: 'swap' } },
  rebuild: {
    name: 'offline, by rebuild',
    ends: 'repaired-offline',
    plot: { ...OFFLINE, way: 'rebuild' },
    from: 'virtualMachines/deallocate/action',
  },
  cancelled: {
    name: 'cancelled while the VM is down',
    ends: 'cancelled',
    plot: { ...OFFLINE, way: 'swap', person: { cancelsAfter: 330 } },
    from: 'virtualMachines/deallocate/action',
  },
  rolledBack: {
    name: 'rolled back',
    ends: 'rolled-back',
    plot: { ...OFFLINE, way: 'swap' },
    goesBack: true,
  },
} as const satisfies Record<string, Story>;

let last = 500_000_000;

/** The runs that `runOf` will make next, as far as it matters to where they are played. */
export function runsToCome(count: number): Scenario[] {
  return Array.from({ length: count }, (_, index) => scenarioOf(last + index));
}

/** A run of a story on a VM of its own. */
export function runOf({ plot }: Story, more: (name: string) => Partial<Scenario> = () => ({})): Scenario {
  const base = scenarioOf(last++);
  return { ...base, ...plot, ...more(base.name) };
}

/** The service, ready for these runs, with a host that may die. One in a process: the app reads its settings once. */
export async function openArena(
  storage: string,
  scenarios: readonly Scenario[],
  guests: GuestFactory,
  app: Pick<StageOptions, 'entry' | 'settings'> = {},
): Promise<MortalTheatre> {
  const { lab, ...rest } = stageOf(scenarios, false, Date.now());
  const theatre = await openMortalTheatre(storage, { ...rest, lab: { ...lab, guests }, ...app });
  raiseQuota(theatre.stage.lab);
  return theatre;
}

const instances = new WeakMap<Scenario, string>();

/** Instances of a run, those that its orchestration started included, begin so. Kept: each turn asks it of each run. */
export function instanceOf(scenario: Scenario): string {
  const instance = instances.get(scenario) ?? instanceIdOf(vmIdOf(scenario).toLowerCase());
  instances.set(scenario, instance);
  return instance;
}

/** How a run ended, in what must be the same whatever happened to the host. */
export function endOf({ record, repair, before, after }: Played): string {
  const disk =
    after.vm?.osDiskId === before.vm?.osDiskId
      ? 'its own disk'
      : repair?.originalDisk?.id.toLowerCase() === after.vm?.osDiskId
        ? 'its original disk'
        : /-repair-disk$/.test(after.vm?.osDiskId ?? '')
          ? 'its repaired copy'
          : 'another disk';
  return `${record?.outcome?.kind ?? 'no record'}, ${after.vm?.power ?? 'gone'} on ${disk}`;
}

/** Changes in Azure that came about, each with how often: those that are the same when done twice left out. */
export function effectsOf({ changes, record }: Played): Map<string, number> {
  const counted = new Map<string, number>();
  for (const change of changes.filter((one) => one.ours && succeeded(one))) {
    const made = change.method === 'PUT' && change.httpStatus !== 200;
    const isOnDisk = deedOf(change) === 'disks/write' && change.method === 'PATCH';
    if (change.method === 'PUT' ? !made : isOnDisk) continue;
    const what = change.resource
      .replaceAll(/rdp-medic-[0-9a-f]{12}/g, 'made')
      .replaceAll(/rdp-medic-\d{17}-[0-9a-f]{4}/g, 'script');
    const key = `${change.method} ${deedOf(change)} ${what.split('/').at(-1) ?? ''}`.replaceAll(
      record?.vm.name ?? '$',
      'the VM',
    );
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  return counted;
}

/** Changes that came about more often than in a run that nobody interfered with. */
export function duplicatesOf(played: Played, undisturbed: Played): string[] {
  const usual = effectsOf(undisturbed);
  return [...effectsOf(played)]
    .filter(([what, count]) => count > Math.max(1, usual.get(what) ?? 0))
    .map(([what, count]) => `${what}: ${String(count)} times`);
}

export { judge };
