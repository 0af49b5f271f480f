import type { ScriptModel } from '../model.ts';
import { crashDump } from './crash-dump.ts';
import { diagnose } from './diagnose.ts';
import { machineKeys } from './machine-keys.ts';
import { rdpCertificate } from './rdp-certificate.ts';
import { rdpDenied } from './rdp-denied.ts';
import { rdpFirewall } from './rdp-firewall.ts';
import { rdpListener } from './rdp-listener.ts';
import { rdpPort } from './rdp-port.ts';
import { rdpSecurityLayer } from './rdp-security-layer.ts';
import { releaseDisk } from './release-disk.ts';
import { serialConsole } from './serial-console.ts';
import { termService } from './term-service.ts';
import { tls } from './tls.ts';

/** The models of `guest/offline`, by id. */
export const offlineModels: readonly (readonly [string, ScriptModel])[] = [
  ['offline/diagnose', diagnose],
  ['offline/rdp-port', rdpPort],
  ['offline/rdp-denied', rdpDenied],
  ['offline/term-service', termService],
  ['offline/rdp-firewall', rdpFirewall],
  ['offline/rdp-listener', rdpListener],
  ['offline/rdp-certificate', rdpCertificate],
  ['offline/machine-keys', machineKeys],
  ['offline/tls', tls],
  ['offline/rdp-security-layer', rdpSecurityLayer],
  ['offline/serial-console', serialConsole],
  ['offline/crash-dump', crashDump],
  ['offline/release-disk', releaseDisk],
];
