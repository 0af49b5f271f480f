import * as z from 'zod';
import { problem, type Problem, type Result } from '../../errors.ts';
import { remediationRequestSchema, type RemediationRequest } from '../../model/request.ts';
import type { Policy } from '../../repair/policy/schema.ts';
import { invalid } from '../invalid.ts';
import { findVms } from './find-vms.ts';
import { legacyAlertKind } from './legacy.ts';
import { commonAlertSchema, type Essentials } from './schema.ts';

const eventSchema = z.object({ status: z.string() });

/** What an alert asks for: a request for each VM, and why there may be none. */
export interface AlertReading {
  readonly requests: readonly RemediationRequest[];
  /** Targets that name a VM in a way that cannot be followed. */
  readonly refused: readonly { readonly target: string; readonly problem: Problem }[];
  /** Said when nothing is to be done. */
  readonly reason?: string;
}

/**
 * Reads an Azure Monitor alert. Only `Fired` asks for anything; mode and options come from the policy.
 * Problems: `AlertSchemaUnsupported` for the older forms, `RequestInvalid` for what is no alert at all.
 */
export function readAlert(payload: unknown, defaults: Policy['defaults']): Result<AlertReading> {
  const legacy = legacyAlertKind(payload);
  if (legacy) return { ok: false, problem: legacyProblem(legacy) };
  const alert = commonAlertSchema.safeParse(payload);
  if (!alert.success) return { ok: false, problem: invalid(alert.error) };

  const { essentials, alertContext } = alert.data.data;
  if (essentials.monitorCondition === 'Resolved' || isResolvedEvent(alertContext)) {
    return nothing('the alert is resolved');
  }

  const { vmIds, faulty } = findVms(alert.data);
  if (vmIds.length === 0 && faulty.length === 0) return nothing(reasonWithoutVm(essentials));
  return {
    ok: true,
    value: {
      requests: vmIds.map((vmId) => toRequest(vmId, essentials, defaults)),
      refused: faulty.map(({ target, code, message }) => ({ target, problem: problem(code, message) })),
    },
  };
}

/**
 * Activity log alerts keep no state: they "fire" for the end of a health event too, and only the event's
 * own status tells (resource health: Active, Updated, Resolved).
 */
function isResolvedEvent(context: unknown): boolean {
  const status = eventSchema.safeParse(context).data?.status;
  return status?.toLowerCase() === 'resolved';
}

function toRequest(vmId: string, essentials: Essentials, defaults: Policy['defaults']): RemediationRequest {
  return remediationRequestSchema.parse({
    vmId,
    source: {
      kind: 'alert',
      ...(essentials.alertId ? { id: essentials.alertId.slice(0, 512) } : {}),
      ...(essentials.alertRule ? { name: essentials.alertRule.slice(0, 256) } : {}),
    },
    ...defaults,
  });
}

function nothing(reason: string): Result<AlertReading> {
  return { ok: true, value: { requests: [], refused: [], reason } };
}

function reasonWithoutVm({ configurationItems }: Essentials): string {
  return configurationItems.length > 0
    ? 'the alert has a computer name but no VM id: split the rule by the dimension _ResourceId, or add the custom property "vmId"'
    : 'none of the alert targets is a virtual machine';
}

function legacyProblem(kind: string): Problem {
  return problem(
    'AlertSchemaUnsupported',
    `This is ${kind} in a format older than the common alert schema: turn on "Enable the common alert schema" for this action in the action group.`,
  );
}
