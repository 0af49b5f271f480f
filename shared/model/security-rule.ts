import { z } from 'zod';

/** An NSG security rule as plain data; what is not listed here is kept by reading the rule again before writing it. */
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
