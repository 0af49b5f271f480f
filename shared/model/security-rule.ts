import * as z from 'zod';
import { operationSchema } from './operation.ts';

/** An NSG security rule as plain data. */
export const securityRuleSchema = z.object({
  id: z.string(),
  name: z.string(),
  networkSecurityGroupId: z.string(),
  priority: z.int(),
  access: z.enum(['Allow', 'Deny']),
  direction: z.enum(['Inbound', 'Outbound']),
  protocol: z.string(),
  sources: z.array(z.string()),
  /** Application security groups as source: never "open to the Internet". */
  sourceGroups: z.array(z.string()),
  destinations: z.array(z.string()),
  destinationGroups: z.array(z.string()),
  sourcePorts: z.array(z.string()),
  destinationPorts: z.array(z.string()),
  description: z.string(),
});
export type SecurityRule = z.infer<typeof securityRuleSchema>;

/** What became of a write or a deletion: begun, or not asked for at all. */
export const ruleAnswerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('begun'), operation: operationSchema }),
  /** Somebody else changed or deleted the rule, or took its name: it was left alone. */
  z.object({ state: z.literal('moved') }),
  /** Somebody else's rule has the priority by now. */
  z.object({ state: z.literal('priority-taken') }),
]);
export type RuleAnswer = z.infer<typeof ruleAnswerSchema>;

/** Whether two readings show the same rule: Azure may answer with other case and order than it was sent. */
export function isSameRule(one: SecurityRule, other: SecurityRule): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ id: _id, networkSecurityGroupId: _group, ...rule }: SecurityRule): string {
  const sorted = Object.entries(rule).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.toSorted() : value,
  ]);
  return JSON.stringify(sorted).toLowerCase();
}
