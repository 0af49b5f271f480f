import * as z from 'zod';

/**
 * The parts of Azure Monitor's common alert schema that are read; everything else is ignored, and fields
 * that some alert types send as `null` (budget and service health alerts do) count as missing.
 * Source: learn.microsoft.com, Common alert schema, and Sample alert payloads.
 */
const textSchema = z.string().nullish().catch(undefined);
const idsSchema = z
  .array(z.unknown())
  .nullish()
  .catch(undefined)
  .transform((ids) => (ids ?? []).filter((id): id is string => typeof id === 'string'));

export const commonAlertSchema = z.object({
  schemaId: z.literal('azureMonitorCommonAlertSchema'),
  data: z.object({
    essentials: z.object({
      alertId: textSchema,
      originAlertId: textSchema,
      alertRule: textSchema,
      monitorCondition: z.enum(['Fired', 'Resolved']),
      monitoringService: textSchema,
      alertTargetIDs: idsSchema,
      configurationItems: idsSchema,
    }),
    alertContext: z.unknown().optional(),
    customProperties: z.unknown().optional(),
  }),
});
export type CommonAlert = z.infer<typeof commonAlertSchema>;
export type Essentials = CommonAlert['data']['essentials'];
