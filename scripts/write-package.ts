/**
 * Lays the app out as it is deployed and zips it: `npm run package`, or `npm run package -- --policy <file>`. Which policy goes with it is
 * printed. `--to` names another folder than `dist`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readPackage } from './package-json.ts';
import { stagePackage, zipOf } from './package/stage.ts';

const { values } = parseArgs({
  options: { policy: { type: 'string' }, to: { type: 'string', default: 'dist' } },
});
const folder = join(values.to, 'package');
const chosen = await stagePackage({ folder, policy: values.policy });
const zip = zipOf(folder);
const place = join(values.to, `rdp-medic-${readPackage().version}.zip`);
mkdirSync(values.to, { recursive: true });
writeFileSync(place, zip);
console.log(`written: ${place} (${(zip.byteLength / 1e6).toFixed(1)} MB), with the policy ${chosen}`);
