import { applyTwin } from './apply.ts';
import { collectTwin } from './collect.ts';
import { peerCertificateTwin } from './peer-certificate.ts';
import type { Twin } from './twin.ts';

/** The scripts that run without PowerShell, by the id in their text. */
export const twins: ReadonlyMap<string, Twin> = new Map([
  ['collect', collectTwin],
  ['apply', applyTwin],
  ['peer-certificate', peerCertificateTwin],
]);
