// Written by `npm run generate`: a cause is added by its file alone.
import type { Cause } from './cause.ts';
import { cipherSuites } from './cipher-suites.ts';
import { clockSkew } from './clock-skew.ts';
import { cryptoServices } from './crypto-services.ts';
import { diskFull } from './disk-full.ts';
import { firewallBlockRule } from './firewall-block-rule.ts';
import { firewallRuleScope } from './firewall-rule-scope.ts';
import { machineKeys } from './machine-keys.ts';
import { machineKeysMissing } from './machine-keys-missing.ts';
import { openToInternet } from './open-to-internet.ts';
import { rdpCertificate } from './rdp-certificate.ts';
import { rdpDenied } from './rdp-denied.ts';
import { rdpFirewall } from './rdp-firewall.ts';
import { rdpListener } from './rdp-listener.ts';
import { rdpPortTaken } from './rdp-port.ts';
import { rdpSecurityLayer } from './rdp-security-layer.ts';
import { rdsLicensing } from './rds-licensing.ts';
import { schannelAlgorithms } from './schannel-algorithms.ts';
import { termService } from './term-service.ts';
import { termServiceMissing } from './term-service-missing.ts';
import { termServiceSilent } from './term-service-silent.ts';
import { tls } from './tls.ts';

/** The known causes of "an internal error has occurred", in the order of the runbook. */
export const CAUSES: readonly Cause[] = [
  openToInternet,
  rdpDenied,
  rdpListener,
  termServiceMissing,
  termService,
  rdpPortTaken,
  rdpFirewall,
  firewallRuleScope,
  firewallBlockRule,
  termServiceSilent,
  rdsLicensing,
  cryptoServices,
  machineKeysMissing,
  machineKeys,
  rdpCertificate,
  diskFull,
  clockSkew,
  tls,
  cipherSuites,
  schannelAlgorithms,
  rdpSecurityLayer,
];
