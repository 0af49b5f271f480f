import { problem } from '../errors.ts';
import type { Inspection } from '../model/inspection.ts';
import type { PolicyDenials } from '../model/policy-denials.ts';
import { LOSSES, notAccepted, tellLosses } from '../model/rebuild.ts';
import type { PlanRecord, Refusal } from '../model/record.ts';
import type { RemediationRequest } from '../model/request.ts';
import type { ByPart, Rights } from '../model/rights.ts';
import type { Settings } from '../model/settings.ts';
import { tellAutoShutdown } from './auto-shutdown.ts';
import { plannedCosts } from './costs.ts';
import { blockersOfLocks, forbidsAll, lockLines } from './locks.ts';
import { startLines } from './start-words.ts';

/** What preflight decided from one reading of the VM. */
export interface Preflight {
  /** Why nothing may be touched at all; empty when the repair may begin. */
  refusals: Refusal[];
  /** Why the disk cannot be repaired offline, although online steps may be tried. */
  offlineBlockers: Refusal[];
  plan: PlanRecord;
}

/** What Azure says beforehand of what the service may do. */
export interface Beforehand {
  rights: ByPart<Rights>;
  policies: PolicyDenials;
}

/** Decides before anything is touched: says no now rather than half-way. Pure: the same reading gives the same answer. */
export function preflight(
  vm: Inspection,
  request: RemediationRequest,
  settings: Settings,
  { rights, policies }: Beforehand,
): Preflight {
  const offlineBlockers = goesOffline(request)
    ? [
        ...blockersOfOffline(vm, request),
        ...refusalsOfRights(rights.offline),
        ...refusalsOfUnread(rights.offline),
        ...refusalsOfPolicies(vm, policies),
      ]
    : [];
  const plan = planOf(vm, request, settings, offlineBlockers);
  plan.lines.push(...peerLines(request, settings), ...policyLines(request, policies));
  return {
    refusals: [...refusalsOf(vm, request), ...refusalsOfRights(rights.always)],
    offlineBlockers,
    plan,
  };
}

/** One for each scope, with every action that is missing there. */
function refusalsOfRights({ missing, denied }: Rights): Refusal[] {
  const byScope = new Map<string, Set<string>>();
  for (const { scope, action } of missing) byScope.set(scope, (byScope.get(scope) ?? new Set()).add(action));
  const byAssignment = new Map<string, Set<string>>();
  for (const { action, by } of denied) byAssignment.set(by, (byAssignment.get(by) ?? new Set()).add(action));
  return [
    ...[...byScope].map(([scope, actions]) =>
      problem('AccessDenied', `Missing permissions on ${scope}: ${[...actions].join(', ')}.`),
    ),
    ...[...byAssignment].map(([by, actions]) =>
      problem(
        'AccessDenied',
        `A deny assignment, ${by}, forbids ${[...actions].join(', ')}: exclude the service from it.`,
      ),
    ),
  ];
}

/** Whether it could start the VM again is known before it takes it down. */
function refusalsOfUnread({ unread }: Rights): Refusal[] {
  return unread.map((scope) =>
    problem(
      'AccessDenied',
      `The permissions of the service on ${scope} could not be read. This requires Microsoft.Authorization/permissions/read and Microsoft.Authorization/denyAssignments/read.`,
    ),
  );
}

/** The swap would be denied while the VM is down. */
function refusalsOfPolicies({ name }: Inspection, { assignments }: PolicyDenials): Refusal[] {
  return (assignments ?? []).map((assignment) =>
    problem('PolicyDenied', `Azure Policy denies any change to ${name}: ${assignment}.`),
  );
}

function policyLines(request: RemediationRequest, { assignments }: PolicyDenials): string[] {
  return goesOffline(request) && assignments === null
    ? [
        'Azure Policy could not be checked in advance (Microsoft.PolicyInsights/checkPolicyRestrictions/read). If it denies the swap, the VM is started again with its original disk.',
      ]
    : [];
}

/** Whether the offline repair is done, or at least rehearsed. */
export function goesOffline({ mode }: Pick<RemediationRequest, 'mode'>): boolean {
  return mode === 'full' || mode === 'rehearse';
}

function refusalsOf(vm: Inspection, { mode }: RemediationRequest): Refusal[] {
  const refusals: Refusal[] = [];
  if (vm.osType !== 'Windows') refusals.push(problem('NotWindows', `${vm.name} runs ${vm.osType}.`));
  if (vm.powerState !== 'running') refusals.push(problem('VmNotRunning', `${vm.name} is ${vm.powerState}.`));
  if (vm.provisioningState === 'Updating' || vm.provisioningState === 'Deleting') {
    refusals.push(problem('VmBusy', `${vm.name} is ${vm.provisioningState.toLowerCase()}.`));
  }
  const readOnly = vm.locks.find((lock) => lock.level === 'ReadOnly' && forbidsAll(vm, lock.scope));
  if (readOnly) refusals.push(problem('ReadOnlyLock', `There is a ReadOnly lock on ${readOnly.scope}.`));
  // Without a snapshot of the OS disk nothing may be changed, and these two cannot be snapshotted as disks.
  if (mode !== 'diagnose' && vm.ephemeralOsDisk)
    refusals.push(problem('EphemeralOsDisk', `${vm.name} has an ephemeral OS disk.`));
  else if (mode !== 'diagnose' && vm.osDisk === null)
    refusals.push(problem('UnmanagedDisk', `${vm.name} has no managed OS disk.`));
  return refusals;
}

function blockersOfOffline(vm: Inspection, { options }: RemediationRequest): Refusal[] {
  const blockers: Refusal[] = [];
  if (vm.osDisk?.adeEncrypted)
    blockers.push(problem('AdeEncrypted', `The OS disk of ${vm.name} is encrypted inside Windows.`));
  if (vm.securityType === 'ConfidentialVM')
    blockers.push(problem('ConfidentialVm', `${vm.name} is a confidential VM.`));
  blockers.push(...blockersOfLocks(vm, options.restoreWay));
  const { tagCount = 0 } = vm.osDisk ?? {};
  if (tagCount > MOST_TAGS)
    blockers.push(
      problem(
        'TooManyTags',
        `The OS disk of ${vm.name} has ${tagCount} tags; with more than ${MOST_TAGS}, the tags needed for rollback cannot be added.`,
      ),
    );
  const lost = options.restoreWay === 'rebuild' ? notAccepted(vm.rebuildLosses, options.acceptLosses) : [];
  if (lost.length > 0)
    blockers.push(problem('LossesNotAccepted', `A rebuild of ${vm.name} would lose: ${tellLosses(lost)}.`));
  return blockers;
}

/** What Azure takes on a resource, less those of the service's own (learn.microsoft.com, tag-resources). */
const MOST_TAGS = 46;

function planOf(
  vm: Inspection,
  request: RemediationRequest,
  settings: Settings,
  offlineBlockers: readonly Refusal[],
): PlanRecord {
  const offline = goesOffline(request) && offlineBlockers.length === 0;
  return {
    lines: [
      'Check how RDP responds.',
      ...linesOf(vm, request, settings, offline),
      ...vm.unreadLocks.map(
        (scope) =>
          `Locks on ${scope} could not be read: a ReadOnly lock would fail the repair at its first write, a CanNotDelete lock would leave temporary resources behind.`,
      ),
      ...(vm.autoShutdown && offline
        ? [
            `${vm.name} has auto-shutdown ${tellAutoShutdown(vm.autoShutdown)}: it is not taken down shortly before that time and not started after it.`,
          ]
        : []),
      ...lockLines(vm, request),
      ...offlineBlockers.map(({ message }) => `No offline repair: ${message}`),
      ...cleanUpLines(request),
    ],
    downtime: downtimeOf(request, offline),
    losses: offline ? lossesOf(vm, request, settings) : [],
    costs: plannedCosts(vm, request, settings, offline),
  };
}

function linesOf(
  vm: Inspection,
  { mode, options }: RemediationRequest,
  { takeDown }: Settings,
  offline: boolean,
): string[] {
  if (mode === 'diagnose') return ['Run a diagnostic script through the VM agent. Nothing is changed.'];
  const disk = `the OS disk ${vm.osDisk?.name ?? ''}`;
  const rehearsal =
    'Rehearse the offline repair while the VM keeps running: on a rescue VM, with a copy of the disk that is deleted afterwards.';
  if (mode === 'rehearse')
    return [`Take a snapshot of ${disk}, deleted afterwards.`, ...(offline ? [rehearsal] : [])];
  return [
    `Take a snapshot of ${disk}, kept for ${options.keepDays} days.`,
    networkLine(options.adminAddresses),
    'Run diagnostics through the VM agent, then only the repairs for the faults found: port and listener, certificate and keys, TLS. Check RDP after each step; stop as soon as it responds.',
    ...(offline
      ? [
          `If that fails: ${rehearsal.charAt(0).toLowerCase()}${rehearsal.slice(1)}`,
          `If the rehearsal repairs a fault: ${takeDown === 'powerOff' ? 'power off' : 'deallocate'} ${vm.name}, copy its OS disk, make the same changes to a copy, ${options.restoreWay === 'swap' ? 'swap it in' : 'rebuild the VM around it'}, start the VM, check RDP; if it still does not respond, swap the original disk back in.`,
          ...startLines(vm, takeDown),
          ...(vm.replicated
            ? [
                'Site Recovery replicates the disks of this VM: the new disk is not replicated until you set up protection again.',
              ]
            : []),
        ]
      : []),
  ];
}

function cleanUpLines({ mode }: RemediationRequest): string[] {
  if (mode === 'diagnose') return [];
  return [
    mode === 'rehearse'
      ? 'Delete all temporary resources. Nothing on the VM is changed.'
      : 'Delete all temporary resources; keep the snapshot and the original disk.',
  ];
}

function downtimeOf({ mode }: RemediationRequest, offline: boolean): string {
  const ofOffline = offline ? '15 to 30 minutes if the disk is repaired offline.' : '';
  if (mode === 'diagnose') return '';
  if (mode === 'rehearse') return offline ? `None for the rehearsal; ${ofOffline}` : '';
  return `A restart for some online fixes (1 to 3 minutes)${offline ? `; ${ofOffline}` : '.'}`;
}

function lossesOf(
  { nics, rebuildLosses }: Inspection,
  { options: { restoreWay } }: RemediationRequest,
  { takeDown }: Settings,
): string[] {
  const dynamic = nics.flatMap(({ publicAddress, dynamicPublicAddress }) =>
    publicAddress && dynamicPublicAddress ? [publicAddress] : [],
  );
  const when =
    takeDown === 'powerOff' && restoreWay === 'swap'
      ? 'offline repair only, and only if Azure requires the VM to be deallocated for the swap'
      : 'offline repair only';
  return [
    `Data on the temporary disk, if the VM size has one (${when}).`,
    ...dynamic.map((address) => `The dynamic public address ${address} (${when}).`),
    ...(restoreWay === 'rebuild' ? rebuildLosses : []).map(
      (loss) => `Because of the rebuild: ${LOSSES[loss]}.`,
    ),
  ];
}

function networkLine(adminAddresses: readonly string[]): string {
  return adminAddresses.length === 0
    ? 'Check for security rules that open RDP to the Internet. No admin addresses are set, so such rules are reported but not changed.'
    : `Restrict rules that open RDP to the Internet to ${adminAddresses.join(', ')}. If the network security group also protects other machines, only add rules for the address of this VM. Sources allowed by other rules keep their access.`;
}

/** Said beforehand: what a peer can do depends on who it is on the other machine. */
function peerLines({ mode, options }: RemediationRequest, { peerAccount }: Settings): string[] {
  if (mode === 'diagnose' || mode === 'rehearse' || options.peerVmId === undefined) return [];
  return [
    peerAccount
      ? 'If the VM cannot delete its own RDP certificate: delete it from the peer VM, with the configured account.'
      : 'If the VM cannot delete its own RDP certificate: delete it from the peer VM, as SYSTEM. This does not work in a workgroup; in a domain the peer needs rights on the VM (or set RDP_MEDIC_PEER_USER to another account).',
  ];
}
