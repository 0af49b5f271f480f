/**
 * RDP Medic beside `az vm repair`, on labs with the same fleet and the same durations (`npm run compare`): the order of calls of the
 * extension, by a client of ARM that is not the service's, and the whole service, both on a virtual clock. Writes
 * docs/compared-with-az-vm-repair.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { startAzurite } from '../../local/azurite.ts';
import { compareFleet } from './compared/compare-fleet.ts';
import { toDocument } from './compared/document.ts';

const DOCUMENT = 'docs/compared-with-az-vm-repair.md';

const azurite = await startAzurite();
const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-compare-'));
try {
  const text = toDocument(await compareFleet({ folder, storage: azurite.connectionString() }));
  writeFileSync(DOCUMENT, await format(text, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' }));
  console.log(`written: ${DOCUMENT}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
  await azurite.close();
}
