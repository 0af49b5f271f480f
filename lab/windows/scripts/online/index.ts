import type { ScriptModel } from '../model.ts';
import { diagnoseModel } from './diagnose.ts';
import { groupPolicyModel } from './group-policy.ts';
import { machineKeysModel } from './machine-keys.ts';
import { peerCertificateModel } from './peer-certificate.ts';
import { rdpCertificateModel } from './rdp-certificate.ts';
import { rdpDeniedModel } from './rdp-denied.ts';
import { rdpFirewallModel } from './rdp-firewall.ts';
import { rdpListenerModel } from './rdp-listener.ts';
import { rdpPortModel } from './rdp-port.ts';
import { rdpSecurityLayerModel } from './rdp-security-layer.ts';
import { termServiceModel } from './term-service.ts';
import { tlsModel } from './tls.ts';

/** Models of `guest/online` by script id. */
export const onlineModels: readonly (readonly [string, ScriptModel])[] = [
  ['online/diagnose', diagnoseModel],
  ['online/rdp-port', rdpPortModel],
  ['online/rdp-denied', rdpDeniedModel],
  ['online/term-service', termServiceModel],
  ['online/rdp-firewall', rdpFirewallModel],
  ['online/rdp-listener', rdpListenerModel],
  ['online/rdp-certificate', rdpCertificateModel],
  ['online/peer-certificate', peerCertificateModel],
  ['online/machine-keys', machineKeysModel],
  ['online/tls', tlsModel],
  ['online/group-policy', groupPolicyModel],
  ['online/rdp-security-layer', rdpSecurityLayerModel],
];
