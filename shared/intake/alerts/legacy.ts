import * as z from 'zod';

const schemaIdSchema = z.object({ schemaId: z.string() });
const logAlertSchema = z.object({ SubscriptionId: z.string(), AlertRuleName: z.string() });
const classicMetricSchema = z.object({ status: z.string(), context: z.object({ resourceId: z.string() }) });

const LEGACY_SCHEMAS: Readonly<Record<string, string>> = {
  azuremonitormetricalert: 'a metric alert',
  'microsoft.insights/activitylogs': 'an activity log alert',
  'microsoft.insights/logalert': 'a log search alert',
};

/**
 * Names the kind of an alert that Azure Monitor sent in a form older than the common alert schema, by the
 * marks of each ("Noncommon alert schema definitions"); `undefined` for anything else.
 */
export function legacyAlertKind(payload: unknown): string | undefined {
  const marked = schemaIdSchema.safeParse(payload);
  if (marked.success) return LEGACY_SCHEMAS[marked.data.schemaId.toLowerCase()];
  if (logAlertSchema.safeParse(payload).success) return 'a log search alert';
  if (classicMetricSchema.safeParse(payload).success) return 'a classic metric alert';
  return undefined;
}
