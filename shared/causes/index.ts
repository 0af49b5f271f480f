// Written by `npm run generate`: a cause is added by its file alone.
import type { Cause } from './cause.ts';
import { machineKeys } from './machine-keys.ts';
import { openToInternet } from './open-to-internet.ts';
import { rdpCertificate } from './rdp-certificate.ts';
import { rdpDenied } from './rdp-denied.ts';
import { rdpFirewall } from './rdp-firewall.ts';
import { rdpListener } from './rdp-listener.ts';
import { rdpPortTaken } from './rdp-port.ts';
import { rdpSecurityLayer } from './rdp-security-layer.ts';
import { termService } from './term-service.ts';
import { tls } from './tls.ts';

/** The known causes of "an internal error has occurred", in the order of the runbook. */
export const CAUSES: readonly Cause[] = [
  openToInternet,
  rdpDenied,
  rdpListener,
  termService,
  rdpPortTaken,
  rdpFirewall,
  machineKeys,
  rdpCertificate,
  tls,
  rdpSecurityLayer,
];
