import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';

const alertSchema = z.looseObject({
  data: z.looseObject({ essentials: z.looseObject({ alertTargetIDs: z.array(z.string()) }) }),
});
const SAMPLE = alertSchema.parse(
  JSON.parse(readFileSync(join(PACKAGE_ROOT, 'local/samples/common-alert.json'), 'utf8')),
);

/** The published sample of a metric alert in the common alert schema, fired for these VMs. */
export function alertFor(vmIds: readonly string[]): unknown {
  const alert = structuredClone(SAMPLE);
  alert.data.essentials.alertTargetIDs = [...vmIds];
  return alert;
}
