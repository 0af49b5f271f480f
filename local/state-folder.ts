import { mkdirSync } from 'node:fs';
import envPaths from 'env-paths';

/**
 * The user's own folder for what is kept from one call to the next: `RDP_MEDIC_STATE`, or where the system keeps such data
 * (`~/.local/share/rdp-medic` on Linux). Nobody else may read it.
 */
export function stateFolder(): string {
  const folder = process.env['RDP_MEDIC_STATE'] ?? envPaths('rdp-medic', { suffix: '' }).data;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
