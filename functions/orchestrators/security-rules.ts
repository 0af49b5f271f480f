import { ACTIVITIES } from '../../shared/model/activity.ts';
import { shortHashOf } from '../../shared/model/remediation-id.ts';
import type { SecurityRule } from '../../shared/model/security-rule.ts';
import type { Undo, UndoOf } from '../../shared/model/undo.ts';
import type { Ground, RuleWrite } from '../../shared/repair/rule-plans.ts';
import type { TakenBack } from '../../shared/repair/undo.ts';
import { recorded } from './operations.ts';
import { act, ended, type Steps } from './durable.ts';
import { mandateOf, type Run, type StepDraft } from './run.ts';

/** The groups before a VM as they were read last. */
export interface Groups {
  readonly paths: readonly (readonly string[])[];
  readonly rules: readonly SecurityRule[];
  /** Ids of those that stand before other machines too. */
  readonly shared: readonly string[];
}

/** Reads the groups before the VM: before each write anew, since others change them as well. */
export function* readGroups(run: Run): Steps<Groups> {
  return yield* act(run.context, ACTIVITIES.readSecurityRules, run.vm);
}

/** The VM's private addresses. */
export function privateAddressesOf({ vm }: Run): string[] {
  return vm.nics.flatMap(({ privateAddress }) => privateAddress ?? []);
}

/** What plans for one of the groups are made from. */
export function groundOf(run: Run, groupId: string, { rules, shared }: Groups): Ground {
  return {
    rules: rules.filter(({ networkSecurityGroupId }) => networkSecurityGroupId === groupId),
    addresses: privateAddressesOf(run),
    adminAddresses: run.input.request.options.adminAddresses,
    tag: shortHashOf(run.input.remediationId),
    shared: shared.includes(groupId),
  };
}

/**
 * Writes one rule, and keeps in the record how it was before: a rule that was closed stays closed, also when RDP was not repaired.
 * Gives back false where it was left alone, since somebody else changed it meanwhile or has its priority now: then all is read again.
 * @param undo where to register, before the write, how an added rule goes away again
 */
export function* writeRule(
  run: Run,
  draft: StepDraft,
  { before, after }: RuleWrite,
  undo: Undo[] = [],
): Steps<boolean> {
  const action = {
    what: before ? 'restrict-security-rule' : 'add-security-rule',
    target: after.id,
    before: before ? describe(before) : null,
    after: describe(after),
  };
  const change = { before, after };
  const back: Undo = { kind: 'delete-security-rule', rule: after };
  const changedRules = (run.record.changedRules ??= []);
  draft.actions.push(action);
  changedRules.push(change);
  undo.push(back);
  const answer = yield* act(run.context, ACTIVITIES.beginPutSecurityRule, {
    ...mandateOf(run),
    rule: after,
    before,
  });
  if (answer.state === 'begun') {
    yield* recorded(run, 'set-security-rule', after.name, ended(run.context, answer.operation));
    return true;
  }
  drop(draft.actions, action);
  drop(changedRules, change);
  drop(undo, back);
  return false;
}

function drop<T>(list: T[], item: T): void {
  list.splice(list.indexOf(item), 1);
}

function describe({ access, sources, destinations, destinationPorts, priority }: SecurityRule): string {
  return `${access} ${sources.join(', ')} to ${destinations.join(', ')}, port ${destinationPorts.join(', ')} (priority ${priority})`;
}

/** Deletes a rule that was added, where it still stands as we left it. */
export function* takeRuleBack(run: Run, { rule }: UndoOf<'delete-security-rule'>): Steps<TakenBack> {
  const answer = yield* act(run.context, ACTIVITIES.beginDeleteSecurityRule, { ...mandateOf(run), rule });
  if (answer.state !== 'begun')
    return {
      leftAlone: `somebody else changed the security rule ${rule.name} in the meantime, so it was left alone`,
    };
  yield* ended(run.context, answer.operation);
  return {
    actions: [{ what: 'delete-security-rule', target: rule.id, before: describe(rule), after: null }],
  };
}
