import { inspectVm } from '../../shared/azure/inspect-vm.ts';
import { readPolicyDenials } from '../../shared/azure/policy-denials.ts';
import { readRights } from '../../shared/azure/rights.ts';
import { readOffer } from '../../shared/azure/offered-sizes.ts';
import type { Azure } from '../../shared/azure/clients.ts';
import type { Config } from '../../shared/config.ts';
import { MedicError } from '../../shared/errors.ts';
import type { Inspection } from '../../shared/model/inspection.ts';
import type { PolicyDenials } from '../../shared/model/policy-denials.ts';
import type { RemediationRequest } from '../../shared/model/request.ts';
import type { ByPart, Rights } from '../../shared/model/rights.ts';
import { groupIdOf } from '../../shared/model/vm-id.ts';
import { probeAny } from '../../shared/probe/probe-any.ts';
import { neededRights } from '../../shared/repair/needed-rights.ts';
import { fittingSizes, rescueNeeds } from '../../shared/repair/rescue-size.ts';
import { goesOffline, preflight } from '../../shared/repair/preflight.ts';
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
    vm = await inspectVm(azure, request.vmId, question.settings.rescueGroup ?? undefined);
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
  const policies = goesOffline(request) ? await readPolicyDenials(azure, request.vmId) : { assignments: [] };
  return [
    ...checkPreflight(vm, policies, question),
    ...(await checkRights(vm, question)),
    ...(goesOffline(request) ? [await checkRescueSize(vm, question)] : []),
    await checkReach(vm, question),
  ];
}

/** What the preflight of a repair would say, but for rights, which are looked at one by one. */
function checkPreflight(vm: Inspection, policies: PolicyDenials, { request, settings }: VmQuestion): Check[] {
  const { refusals, offlineBlockers } = preflight(vm, request, settings, {
    rights: NO_RIGHTS_ASKED,
    policies,
  });
  const agent = vm.agentReady
    ? []
    : [
        warning(
          'VM agent',
          `The VM agent of ${vm.name} does not report Ready: scripts cannot run in Windows, so only an offline repair is possible.`,
        ),
      ];
  if (refusals.length + offlineBlockers.length === 0)
    return [
      ok(
        'VM',
        `${vm.name}: ${vm.size}, ${vm.location}, generation ${vm.generation}. Nothing here prevents a repair.`,
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
      missing('rights', `Missing on ${scope}: ${[...actions].join(', ')}.`, assign(scope)),
    ),
    ...[...always.denied, ...offline.denied].map(({ action, by }) =>
      missing(
        'rights',
        `A deny assignment, ${by}, forbids ${action}.`,
        'Exclude the identity from the deny assignment.',
      ),
    ),
    ...unread.map((scope) =>
      unknown(
        'rights',
        `Permissions on ${scope} cannot be read (Microsoft.Authorization/permissions/read).`,
        assign(scope),
      ),
    ),
    ...vm.unreadLocks.map((scope) =>
      unknown(
        'locks',
        `Locks on ${scope} cannot be read: a ReadOnly lock would fail the repair at its first write.`,
      ),
    ),
  ];
  const count = new Set([...needed.always, ...needed.offline].flatMap(({ actions }) => actions)).size;
  return checks.length > 0
    ? checks
    : [ok('rights', `All ${count} required actions are granted at the required scopes.`)];
}

/** The rescue VM: whether the size that is set, or any, is offered there, connects disks by SCSI, and fits into the quota. */
async function checkRescueSize(vm: Inspection, { azure, config }: VmQuestion): Promise<Check> {
  const offer = await readOffer(azure, vm);
  if (!offer)
    return unknown(
      'size and quota',
      'VM sizes and quota cannot be read. A problem with them will only show when the rescue VM is created, while the VM is still running.',
    );
  const where = `${vm.location}${vm.zone === null ? '' : `, zone ${vm.zone}`}`;
  const fitting = fittingSizes(offer, rescueNeeds(vm)).map(({ name }) => name);
  const [smallest] = fitting;
  if (smallest === undefined)
    return missing(
      'size and quota',
      `No size suitable for the rescue VM (SCSI, generation 2, two vCPUs) is available in ${where} within your quota.`,
      'Request more quota: Azure portal > Quotas.',
    );
  const set = config.rescueVmSize;
  if (set !== undefined && !fitting.some((name) => name.toLowerCase() === set.toLowerCase()))
    return warning(
      'size',
      `The configured rescue VM size, ${set}, is not available in ${where} within your quota, or does not support SCSI disks: ${smallest} will be tried next.`,
      'Set RDP_MEDIC_RESCUE_VM_SIZE to another size that supports SCSI, or remove the setting.',
    );
  return ok(
    'size and quota',
    `The rescue VM (${set ?? smallest}) is available in ${where}, and its vCPUs are within your quota.`,
  );
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
      `RDP on ${name} cannot be reached from here. ${seen.detail} The result of a repair is then judged from inside Windows only.`,
      'Allow this machine to reach RDP (network security group, VPN). If it has a route to private addresses, set RDP_MEDIC_PRIVATE_ROUTE=yes.',
    );
  return ok('reachability', `RDP on ${name} can be reached from here. ${seen.detail}`);
}
