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
      problem('AccessDenied', `The service lacks ${[...actions].join(', ')} on ${scope}.`),
    ),
    ...[...byAssignment].map(([by, actions]) =>
      problem(
        'AccessDenied',
        `A deny assignment, ${by}, forbids ${[...actions].join(', ')}: have the service excluded from it.`,
      ),
    ),
  ];
}

/** Whether it could start the VM again is known before it takes it down. */
function refusalsOfUnread({ unread }: Rights): Refusal[] {
  return unread.map((scope) =>
    problem(
      'AccessDenied',
      `What the service may do on ${scope} could not be read, which takes Microsoft.Authorization/permissions/read and Microsoft.Authorization/denyAssignments/read.`,
    ),
  );
}

/** The swap would be denied while the VM is down. */
function refusalsOfPolicies({ name }: Inspection, { assignments }: PolicyDenials): Refusal[] {
  return (assignments ?? []).map((assignment) =>
    problem('PolicyDenied', `Azure Policy denies any change of ${name} as it is: ${assignment}.`),
  );
}

function policyLines(request: RemediationRequest, { assignments }: PolicyDenials): string[] {
  return goesOffline(request) && assignments === null
    ? [
        'Azure Policy could not be asked (Microsoft.PolicyInsights/checkPolicyRestrictions/read): should it deny the swap, the VM is started again on its own disk.',
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
  if (readOnly) refusals.push(problem('ReadOnlyLock', `A ReadOnly lock stands on ${readOnly.scope}.`));
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
        `The OS disk of ${vm.name} has ${tagCount} tags; with more than ${MOST_TAGS} it cannot be marked as the way back.`,
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
      'Ask RDP on the wire how it answers.',
      ...linesOf(vm, request, settings, offline),
      ...vm.unreadLocks.map(
        (scope) =>
          `Locks on ${scope} could not be read: one against changes ends the repair at its first write, one against deletions leaves what was made.`,
      ),
      ...(vm.autoShutdown && offline
        ? [
            `${vm.name} is shut down by itself ${tellAutoShutdown(vm.autoShutdown)}: it is not taken down shortly before, and is not started after that time.`,
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
  if (mode === 'diagnose') return ['Run one diagnosis script through the VM agent. Nothing is changed.'];
  const disk = `the OS disk ${vm.osDisk?.name ?? ''}`;
  const rehearsal =
    'Rehearse the offline repair while the VM runs: on a rescue VM, on a copy that is deleted afterwards.';
  if (mode === 'rehearse')
    return [`Take a snapshot of ${disk}, deleted afterwards.`, ...(offline ? [rehearsal] : [])];
  return [
    `Take a snapshot of ${disk}, kept for ${options.keepDays} days.`,
    networkLine(options.adminAddresses),
    'Run a diagnosis through the VM agent, then only the scripts for what it found: port and listener, certificate and keys, TLS. After each step RDP is asked again; the first answer ends the repair.',
    ...(offline
      ? [
          `Only if that fails: ${rehearsal.charAt(0).toLowerCase()}${rehearsal.slice(1)}`,
          `Only if that mends something: ${takeDown === 'powerOff' ? 'power off' : 'deallocate'} ${vm.name}, copy its OS disk, make the same changes to the copy, ${options.restoreWay === 'swap' ? 'swap it in' : 'rebuild the VM around it'}, start, verify; if RDP still does not answer, put the original disk back.`,
          ...startLines(vm, takeDown),
          ...(vm.replicated
            ? [
                'Site Recovery replicates its disks: the new one is not, until its protection is set up again.',
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
      ? 'Delete everything made on the way. Nothing on the VM is changed.'
      : 'Delete everything made on the way, except the snapshot and the original disk.',
  ];
}

function downtimeOf({ mode }: RemediationRequest, offline: boolean): string {
  const ofOffline = offline ? '15 to 30 minutes if the disk is repaired offline.' : '';
  if (mode === 'diagnose') return '';
  if (mode === 'rehearse') return offline ? `None by the rehearsal; ${ofOffline}` : '';
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
      ? 'only offline, and only where Azure wants the VM deallocated for the swap'
      : 'only offline';
  return [
    `What lies on the temporary disk, if the size has one (${when}).`,
    ...dynamic.map((address) => `The dynamic public address ${address} (${when}).`),
    ...(restoreWay === 'rebuild' ? rebuildLosses : []).map((loss) => `By the rebuild: ${LOSSES[loss]}.`),
  ];
}

function networkLine(adminAddresses: readonly string[]): string {
  return adminAddresses.length === 0
    ? 'Look whether a rule opens RDP to the Internet; no admin addresses are given, so it is reported and not closed.'
    : `Restrict rules that open RDP to the Internet to ${adminAddresses.join(', ')}: in a group that stands before other machines too, only by rules for this VM's own address, and partners who are let in by rules of their own stay let in.`;
}

/** Said beforehand: what a peer can do depends on who it is on the other machine. */
function peerLines({ mode, options }: RemediationRequest, { peerAccount }: Settings): string[] {
  if (mode === 'diagnose' || mode === 'rehearse' || options.peerVmId === undefined) return [];
  return [
    peerAccount
      ? 'Only if nothing on the VM may delete its certificate: the peer deletes it, as the account that is set for it.'
      : 'Only if nothing on the VM may delete its certificate: the peer deletes it as its own SYSTEM. In a workgroup that is not possible, in a domain only where the peer has rights on the VM (RDP_MEDIC_PEER_USER names another account).',
  ];
}
