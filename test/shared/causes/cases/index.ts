import { ADVICE } from './advice.ts';
import type { Case } from './case.ts';
import { CERTIFICATE_STEP } from './certificate-step.ts';
import { CRYPTO } from './crypto.ts';
import { DENIED_AND_SERVICE } from './denied-and-service.ts';
import { FIREWALL_AND_SILENCE } from './firewall-and-silence.ts';
import { PORT_AND_FIREWALL } from './port-and-firewall.ts';
import { TLS_STEP } from './tls-step.ts';

export const CASES: readonly Case[] = [
  ...DENIED_AND_SERVICE,
  ...PORT_AND_FIREWALL,
  ...FIREWALL_AND_SILENCE,
  ...CERTIFICATE_STEP,
  ...CRYPTO,
  ...TLS_STEP,
  ...ADVICE,
];
