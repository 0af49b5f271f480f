import * as z from 'zod';
import type { Phase } from '../../../shared/model/record.ts';
import { youngRecord } from '../../shared/report/records.ts';
import { vmIdOf, type App } from './app.ts';

/** A remediation of the VM `tls` that goes on, in this phase; gives back its id. */
export async function goingOn(app: App, phase: Phase): Promise<string> {
  app.addVm('tls');
  const { body } = await app.call('/api/remediations', { body: { vmId: vmIdOf('tls') } });
  const { id } = z.object({ id: z.string() }).parse(body);
  app.records.records.set(id, { ...youngRecord(), id, phase });
  return id;
}
