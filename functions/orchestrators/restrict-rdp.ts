import type { Done } from '../../shared/causes/cause.ts';
import type { SecurityRule } from '../../shared/model/security-rule.ts';
import { nameOf } from '../../shared/model/vm-id.ts';
import { exposedRdpRules, unguarded } from '../../shared/repair/rdp-exposure.ts';
import { letMovedPortThrough, restrictRule } from '../../shared/repair/rule-plans.ts';
import { isConfirmedByWire, movedPort, RDP_PORT } from '../../shared/repair/trusted-port.ts';
import type { Steps } from './durable.ts';
import { probeAfterChange } from './look.ts';
import { optionalStep, type Run, type StepDraft } from './run.ts';
import { groundOf, privateAddressesOf, readGroups, writeRule, type Groups } from './security-rules.ts';

/** How often one rule is tried to be closed while others change the same group. */
const TRIES = 5;

interface OpenRule {
  rule: SecurityRule;
  port: number;
}

/** Step 0 of the runbook: is RDP open to the Internet? Restrict its source to the given addresses, then ask RDP. */
export function* restrictRdp(run: Run): Steps<boolean> {
  return yield* optionalStep(
    run,
    'rdp-security',
    'Network access to RDP',
    'rdp-security',
    false,
    function* (draft) {
      const groups = yield* readGroups(run);
      const open = openRules(run, groups);
      const isGuarded = tellUnguarded(run, draft, groups);
      if (open.length === 0) {
        draft.state = isGuarded ? 'not-needed' : 'skipped';
        if (isGuarded) draft.detail = 'No rule opens RDP to the Internet.';
        return false;
      }
      run.causes.add('open-to-internet');
      draft.findings.push(...open.map(finding));
      if (run.input.request.options.adminAddresses.length === 0) {
        draft.state = 'skipped';
        draft.remaining.push(...open.map(finding));
        const why = 'RDP is open to the Internet. No admin addresses are set, so nothing was changed.';
        tell(draft, why);
        run.record.warnings.push(why);
        return false;
      }
      draft.remaining.push(...(yield* closeAll(run, draft, groups)).map(finding));
      const answers = yield* probeAfterChange(run);
      draft.probe = run.probe;
      draft.state = draft.remaining.length === 0 ? 'fixed' : 'failed';
      return answers;
    },
  );
}

/** Where no group stands before the VM, no rule can be closed; gives back whether one stands before each of its network cards. */
function tellUnguarded({ vm, record }: Run, draft: StepDraft, { paths }: Groups): boolean {
  const bare = unguarded(paths, vm.nics);
  if (bare.length === 0) return true;
  const names = bare.map(({ id }) => nameOf(id)).join(', ');
  tell(draft, `No network security group applies to ${names}: nothing restricts access to RDP there.`);
  if (bare.some(({ publicAddress }) => publicAddress !== null))
    record.warnings.push(
      `No network security group applies to ${names}: a Basic SKU public address then allows the whole Internet to reach RDP, a Standard SKU public address allows nobody.`,
    );
  return false;
}

/** Closes one rule after the other, each on a fresh reading; gives back what is open still. */
function* closeAll(run: Run, draft: StepDraft, first: Groups): Steps<OpenRule[]> {
  const tries = new Map<string, number>();
  for (let groups = first; ; groups = yield* readGroups(run)) {
    const open = openRules(run, groups);
    const next = open.find(({ rule }) => (tries.get(rule.id) ?? 0) < TRIES);
    if (!next) return open;
    const closed = yield* close(run, draft, next, groups);
    tries.set(next.rule.id, closed ? (tries.get(next.rule.id) ?? 0) + 1 : TRIES);
  }
}

/** Tries to close one open rule; false where there is no way to. */
function* close(run: Run, draft: StepDraft, { rule, port }: OpenRule, groups: Groups): Steps<boolean> {
  const ground = groundOf(run, rule.networkSecurityGroupId, groups);
  const restriction = restrictRule(rule, port, ground);
  if (!restriction) {
    run.record.warnings.push(
      `The security rule ${rule.name} could not be restricted: no priority before it is free, or no private address of the VM is known.`,
    );
    return false;
  }
  for (const write of restriction.writes) {
    if (!(yield* writeRule(run, draft, write))) return true;
  }
  if (ground.shared)
    tell(
      draft,
      `The network security group of the rule ${rule.name} also protects other machines: nothing changes for them.`,
    );
  if (restriction.partners.length > 0)
    tell(
      draft,
      `The new Deny rule precedes ${restriction.partners.map(({ name }) => name).join(', ')}: their sources keep access to RDP through the new Allow rule.`,
    );
  return true;
}

function tell(draft: StepDraft, sentence: string): void {
  if (!draft.detail.includes(sentence)) draft.detail = `${draft.detail} ${sentence}`.trim();
}

/** What Windows says of its port is a claim: it is judged only where RDP was met there on the wire. */
function openRules(run: Run, { paths, rules }: Groups): OpenRule[] {
  const ports = new Set([RDP_PORT, ...(isConfirmedByWire(run.rdpPort, run.probe) ? [run.rdpPort] : [])]);
  return [...ports].flatMap((port) =>
    exposedRdpRules(paths, rules, port, privateAddressesOf(run)).map((rule) => ({ rule, port })),
  );
}

/** Where a change moved RDP, the network security groups let the new port through, for the same people as the old one. */
export function* followNewPort(run: Run, draft: StepDraft, done: readonly Done[]): Steps<void> {
  const { newRdpPort } = run.input.request.options;
  const told = movedPort(done, newRdpPort);
  if (told.claim === undefined || told.claim === run.rdpPort) return;
  if (told.port === undefined) {
    run.record.warnings.push(
      'Windows reports that RDP moved to a port that was not requested: no security rule was added for it.',
    );
    return;
  }
  const oldPort = run.rdpPort;
  const isKnown = oldPort === RDP_PORT || oldPort === newRdpPort || isConfirmedByWire(oldPort, run.probe);
  run.rdpPort = told.port;
  const warnings: string[] = [];
  const { paths } = yield* readGroups(run);
  for (const groupId of new Set(paths.flat())) {
    const why = isKnown
      ? yield* letThrough(run, draft, groupId, { oldPort, port: told.port })
      : `RDP was never seen on port ${oldPort}`;
    if (why !== undefined)
      warnings.push(
        `RDP now listens on port ${told.port}, and no security rule was added to allow it: ${why}.`,
      );
  }
  warnings.push(
    `RDP now listens on port ${told.port}: update load balancer NAT rules and Bastion port settings, if any.`,
  );
  run.ofMovedPort = warnings;
}

/** Lets the new port through one group; gives back why not, where it does not. */
function* letThrough(
  run: Run,
  draft: StepDraft,
  groupId: string,
  { oldPort, port }: { oldPort: number; port: number },
): Steps<string | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const groups = yield* readGroups(run);
    const plan = letMovedPortThrough(oldPort, port, groundOf(run, groupId, groups));
    if (plan.kind === 'none') return plan.why;
    if (plan.kind === 'let-through') return undefined;
    if (yield* writeRule(run, draft, plan.write, run.undo)) {
      if (groups.shared.includes(groupId))
        tell(draft, 'The network security group also protects other machines: the rule is for this VM only.');
      return undefined;
    }
  }
  return 'somebody else keeps changing the network security group';
}

function finding({ rule, port }: OpenRule) {
  return {
    cause: 'open-to-internet' as const,
    code: 'RdpOpenToInternet',
    severity: 'fault' as const,
    detail: `The rule ${rule.name} allows ${rule.sources.join(', ')} to reach port ${rule.destinationPorts.join(', ')}.`,
    data: { rule: rule.name, priority: rule.priority, port },
  };
}
