import { inspectVm } from '../../shared/azure/inspect-vm.ts';
import { readRights } from '../../shared/azure/rights.ts';
import { readOffer } from '../../shared/azure/offered-sizes.ts';
import type { Azure } from '../../shared/azure/clients.ts';
import type { Config } from '../../shared/config.ts';
import { MedicError } from '../../shared/errors.ts';
import type { Inspection } from '../../shared/model/inspection.ts';
import type { RemediationRequest } from '../../shared/model/request.ts';
import type { ByPart, Rights } from '../../shared/model/rights.ts';
import { groupIdOf } from '../../shared/model/vm-id.ts';
import { probeAny } from '../../shared/probe/probe-any.ts';
import { neededRights } from '../../shared/repair/needed-rights.ts';
import { rescueNeedsOf, sizesToBeHad } from '../../shared/repair/rescue-size.ts';
import { preflight } from '../../shared/repair/preflight.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { missing, ok, unknown, warning, type Check } from './check.ts';

const RDP_PORT = 3389;
const ROLE = 'RDP Medic Operator';
const NO_RIGHTS_ASKED: ByPart<Rights> = {
  always: { missing: [], denied: [], unread: [] },
  offline: { missing: [], denied: [], unread: [] },
};

export interface VmQuestion {
  azure: Azure;
  config: Config;
  settings: Settings;
  request: RemediationRequest;
  /** Of whoever would repair. */
  objectId: string;
}

/** Everything about one VM: whether it can be repaired at all, by whom, with which rescue VM, and whether RDP can be asked from here. */
export async function checkVm(question: VmQuestion): Promise<Check[]> {
  const { azure, request } = question;
  let vm: Inspection;
  try {
    vm = await inspectVm(azure, request.vmId);
  } catch (error) {
    if (!(error instanceof MedicError)) throw error;
    return [
      missing(
        'VM',
        error.message,
        `az role assignment create --assignee ${question.objectId} --role "${ROLE}" --scope ${groupIdOf(request.vmId)}`,
      ),
    ];
  }
  return [
    ...checkPreflight(vm, question),
    ...(await checkRights(vm, question)),
    ...(goesOffline(request) ? [await checkRescueSize(vm, question)] : []),
    await checkReach(vm, question),
  ];
}

function goesOffline({ mode }: RemediationRequest): boolean {
  return mode === 'full' || mode === 'rehearse';
}

/** What the preflight of a repair would say, but for rights, which are looked at one by one. */
function checkPreflight(vm: Inspection, { request, settings }: VmQuestion): Check[] {
  const { refusals, offlineBlockers } = preflight(vm, request, settings, NO_RIGHTS_ASKED);
  const agent = vm.agentReady
    ? []
    : [
        warning(
          'VM agent',
          `The VM agent of ${vm.name} does not report Ready: no script reaches Windows, and only the offline repair is left.`,
        ),
      ];
  if (refusals.length + offlineBlockers.length === 0)
    return [
      ok(
        'VM',
        `${vm.name}: ${vm.size}, ${vm.location}, generation ${vm.generation}. Nothing about it keeps a repair away.`,
      ),
      ...agent,
    ];
  return [
    ...refusals.map(({ code, message, next }) => missing('VM', `${code}: ${message}`, next)),
    ...offlineBlockers.map(({ code, message, next }) =>
      warning('offline repair', `${code}: ${message}`, next),
    ),
    ...agent,
  ];
}

/** Each action of the role, at the scopes at which this VM needs it. */
async function checkRights(
  vm: Inspection,
  { azure, request, settings, objectId }: VmQuestion,
): Promise<Check[]> {
  const needed = neededRights(vm, request, settings);
  const { always, offline } = await readRights(azure, needed);
  const byScope = new Map<string, Set<string>>();
  for (const { scope, action } of [...always.missing, ...offline.missing])
    byScope.set(scope, (byScope.get(scope) ?? new Set()).add(action));
  const unread = [...new Set([...always.unread, ...offline.unread])];
  const assign = (scope: string): string =>
    `az role assignment create --assignee ${objectId} --role "${ROLE}" --scope ${groupIdOf(scope)}`;
  const checks = [
    ...[...byScope].map(([scope, actions]) =>
      missing('rights', `On ${scope} is missing: ${[...actions].join(', ')}.`, assign(scope)),
    ),
    ...unread.map((scope) =>
      unknown(
        'rights',
        `What is allowed on ${scope} may not be read (Microsoft.Authorization/permissions/read).`,
        assign(scope),
      ),
    ),
    ...vm.unreadLocks.map((scope) =>
      unknown(
        'locks',
        `Locks on ${scope} may not be read: one against changes would end a repair at its first write.`,
      ),
    ),
  ];
  const count = new Set([...needed.always, ...needed.offline].flatMap(({ actions }) => actions)).size;
  return checks.length > 0
    ? checks
    : [ok('rights', `All ${count} actions that this takes are granted, each where it is needed.`)];
}

/** The rescue VM: whether a size for it is offered there, fits, and is within the quota; by the service's own choice. */
async function checkRescueSize(vm: Inspection, { azure, config }: VmQuestion): Promise<Check> {
  const offer = await readOffer(azure, vm);
  if (!offer)
    return unknown(
      'size and quota',
      'Sizes and quota may not be read: they show when the rescue VM is made, while the VM still runs.',
    );
  const [smallest, ...others] = sizesToBeHad(offer, rescueNeedsOf(vm)).map(({ name }) => name);
  const place = `${vm.location}${vm.zone === null ? '' : `, zone ${vm.zone}`}`;
  if (smallest === undefined)
    return missing(
      'size and quota',
      `No size for a rescue VM (generation 2, SCSI, two cores or more) is offered in ${place} within the quota.`,
      'Ask for more: Azure portal, Quotas.',
    );
  const wanted = config.rescueVmSize;
  if (wanted !== undefined && ![smallest, ...others].some((name) => isSameName(name, wanted)))
    return warning(
      'size and quota',
      `${wanted}, which RDP_MEDIC_RESCUE_VM_SIZE names, is not to be had in ${place}, or does not fit: it is tried first all the same, and then ${smallest}.`,
      'Leave RDP_MEDIC_RESCUE_VM_SIZE out: the smallest size that can be had is taken.',
    );
  return ok('size and quota', `A rescue VM (${wanted ?? smallest}) can be had in ${place}.`);
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether RDP can be asked from here: what is repaired is judged by that. */
async function checkReach({ name, nics }: Inspection, { config }: VmQuestion): Promise<Check> {
  const addresses = nics.flatMap(({ publicAddress, privateAddress }) =>
    [publicAddress, privateAddress].filter((address) => address !== null),
  );
  const seen = await probeAny(addresses, RDP_PORT, {
    timeoutMs: config.probeTimeoutMs,
    now: () => Date.now(),
    privateRoute: config.privateRoute,
  });
  if (seen.state === 'filtered')
    return warning(
      'reachability',
      `RDP on ${name} cannot be asked from here. ${seen.detail} Whether it is well is then judged by what Windows says of itself.`,
      'Let this machine reach RDP (network security group, VPN, Bastion); with a route to private addresses set RDP_MEDIC_PRIVATE_ROUTE=yes.',
    );
  return ok('reachability', `RDP on ${name} can be asked from here. ${seen.detail}`);
}
