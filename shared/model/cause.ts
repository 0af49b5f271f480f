import { z } from 'zod';

/**
 * The known causes. The id is the same word everywhere: catalogue, `guest/online/<id>.ps1`,
 * `guest/offline/<id>.ps1`, fleet VM, row in docs/runbook.md, line of the report.
 */
export const CAUSE_IDS = [
  'open-to-internet',
  'rdp-port',
  'rdp-denied',
  'term-service',
  'rdp-firewall',
  'rdp-listener',
  'rdp-certificate',
  'machine-keys',
  'tls',
  'rdp-security-layer',
] as const;

export const causeIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(64);
export type CauseId = z.infer<typeof causeIdSchema>;
