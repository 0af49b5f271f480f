import type { ProbeExpectation, ProbeResult } from '../model/probe.ts';

/** What a NetBIOS name holds ([MS-NLMP] 2.2.2.1; the sixteenth character is its type). */
const NETBIOS_LENGTH = 15;

/**
 * Whether an answer comes from another machine than the one that was expected; then in words what it is. What the
 * answer does not tell is not held against it.
 */
export function whoElse(
  { machine, certificate }: Pick<ProbeResult, 'machine' | 'certificate'>,
  { computerName, thumbprint }: ProbeExpectation,
): string | undefined {
  if (
    machine &&
    computerName !== undefined &&
    netbiosName(machine.computerName) !== netbiosName(computerName)
  ) {
    return `from ${machine.computerName}, not from ${computerName}`;
  }
  if (certificate && thumbprint !== undefined && bareHex(certificate.thumbprint) !== bareHex(thumbprint)) {
    return `with certificate ${certificate.thumbprint}, not with ${thumbprint}`;
  }
  return undefined;
}

/** As Windows makes it of a computer's name: the first 15 characters, without case; without the domain in a DNS name. */
function netbiosName(name: string): string {
  const [host = ''] = name.split('.');
  return host.slice(0, NETBIOS_LENGTH).toUpperCase();
}

const bareHex = (thumbprint: string): string => thumbprint.replaceAll(/[^0-9a-f]/gi, '').toUpperCase();
