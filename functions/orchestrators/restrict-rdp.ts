import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Done } from '../../shared/causes/cause.ts';
import type { SecurityRule } from '../../shared/model/security-rule.ts';
import type { Undo } from '../../shared/model/undo.ts';
import {
  allowMovedPort,
  coversPort,
  exposedRdpRules,
  restrictRule,
  type Restriction,
} from '../../shared/repair/rdp-exposure.ts';
import { toldBy } from '../../shared/repair/outcomes.ts';
import { act, complete, type Steps } from './durable.ts';
import { probeAfterChange } from './look.ts';
import { optionalStep, type Run, type StepDraft } from './run.ts';

/** Step 0 of the runbook: is RDP open to the Internet? Restrict its source to the given addresses, then ask RDP. */
export function* restrictRdp(run: Run): Steps<boolean> {
  return yield* optionalStep(
    run,
    'rdp-security',
    'RDP security: who can reach the port',
    'rdp-security',
    false,
    function* (draft) {
      const { paths, rules } = yield* act(run.context, ACTIVITIES.readSecurityRules, run.vm);
      const addresses = run.vm.nics.flatMap(({ privateAddress }) => privateAddress ?? []);
      const open = exposedRdpRules(paths, rules, run.rdpPort, addresses);
      if (open.length === 0) {
        draft.state = 'not-needed';
        draft.detail = 'No rule opens RDP to the Internet.';
        return false;
      }
      run.causes.add('open-to-internet');
      draft.findings.push(...open.map(finding));
      const { adminAddresses } = run.input.request.options;
      if (adminAddresses.length === 0) {
        draft.state = 'skipped';
        draft.remaining.push(...open.map(finding));
        draft.detail = 'RDP is open to the Internet. No admin addresses are given, so nothing was closed.';
        run.record.warnings.push(draft.detail);
        return false;
      }
      for (const rule of open) yield* restrict(run, draft, rule, rules, adminAddresses);
      const answers = yield* probeAfterChange(run);
      draft.probe = run.probe;
      draft.state = draft.remaining.length === 0 ? 'fixed' : 'failed';
      return answers;
    },
  );
}

/**
 * Where a change moved RDP, the network security groups let the new port through, for the same people as the old one.
 * @param undo where to register how to close the port again, if RDP moved on a copy only
 */
export function* followNewPort(
  run: Run,
  draft: StepDraft,
  done: readonly Done[],
  undo: Undo[] = [],
): Steps<void> {
  const newPort = toldBy(done, 'newPort');
  if (typeof newPort !== 'number' || newPort === run.rdpPort) return;
  const oldPort = run.rdpPort;
  run.rdpPort = newPort;
  const { rules } = yield* act(run.context, ACTIVITIES.readSecurityRules, run.vm);
  for (const group of byGroup(rules)) {
    const model = group.find(
      (rule) =>
        rule.access === 'Allow' && rule.direction === 'Inbound' && coversPort(rule.destinationPorts, oldPort),
    );
    if (model && coversPort(model.destinationPorts, newPort)) continue;
    const rule = model && allowMovedPort(model, group, newPort, run.input.request.options.adminAddresses);
    if (rule) {
      undo.push({ kind: 'delete-security-rule', rule });
      yield* put(run, draft, rule, null);
    } else
      run.record.warnings.push(
        `RDP now listens on port ${newPort}, and no security rule was added to let it through: there is none for the old port, it is open to the Internet, or no priority is free.`,
      );
  }
  run.record.warnings.push(
    `RDP now listens on port ${newPort}: a NAT rule of a load balancer or the port setting of Bastion must follow, where there is one.`,
  );
}

function* restrict(
  run: Run,
  draft: StepDraft,
  rule: SecurityRule,
  all: readonly SecurityRule[],
  adminAddresses: readonly string[],
): Steps<void> {
  const group = all.filter(
    ({ networkSecurityGroupId }) => networkSecurityGroupId === rule.networkSecurityGroupId,
  );
  const restriction: Restriction | undefined = restrictRule(rule, group, run.rdpPort, adminAddresses);
  if (!restriction) {
    draft.remaining.push(finding(rule));
    run.record.warnings.push(
      `The security rule ${rule.name} could not be closed: no priority is free before it.`,
    );
  } else if (restriction.kind === 'narrow') {
    yield* put(run, draft, { ...rule, sources: restriction.sources }, rule);
  } else {
    for (const added of restriction.add) yield* put(run, draft, added, null);
  }
}

/** The old rule is kept in the record, for a rollback: one that was closed stays closed, also when RDP was not repaired. */
function* put(run: Run, draft: StepDraft, rule: SecurityRule, before: SecurityRule | null): Steps<void> {
  draft.actions.push({
    what: before ? 'restrict-security-rule' : 'add-security-rule',
    target: rule.id,
    before: before ? describe(before) : null,
    after: describe(rule),
  });
  (run.record.changedRules ??= []).push({ before, after: rule });
  yield* complete(run.context, ACTIVITIES.beginPutSecurityRule, { rule });
}

function describe({ access, sources, destinationPorts, priority }: SecurityRule): string {
  return `${access} ${sources.join(', ')} to port ${destinationPorts.join(', ')} (priority ${priority})`;
}

function finding(rule: SecurityRule) {
  return {
    cause: 'open-to-internet' as const,
    code: 'RdpOpenToInternet',
    severity: 'fault' as const,
    detail: `The rule ${rule.name} lets ${rule.sources.join(', ')} reach port ${rule.destinationPorts.join(', ')}.`,
    data: { rule: rule.name, priority: rule.priority },
  };
}

function byGroup(rules: readonly SecurityRule[]): SecurityRule[][] {
  return Object.values(Object.groupBy(rules, ({ networkSecurityGroupId }) => networkSecurityGroupId)).map(
    (group) => group ?? [],
  );
}
