import { isIP } from 'node:net';
import { ArmError } from '../errors.ts';
import type { SecurityRule } from '../store/resources.ts';
import { both } from './reachability.ts';

/**
 * A rule needs ports and prefixes on both sides, each once: single or as a list.
 * @throws ArmError 400
 */
export function requireComplete(nsg: { id: string }, { name, properties }: SecurityRule): void {
  const id = `${nsg.id}/securityRules/${name}`;
  const sides = [
    ['SourcePortRange', properties.sourcePortRange, properties.sourcePortRanges],
    ['DestinationPortRange', properties.destinationPortRange, properties.destinationPortRanges],
    ['SourceAddressPrefix', properties.sourceAddressPrefix, properties.sourceAddressPrefixes],
    ['DestinationAddressPrefix', properties.destinationAddressPrefix, properties.destinationAddressPrefixes],
  ] as const;
  for (const [side, single, many] of sides) {
    const values = both(single, many);
    if (values.length === 0) {
      throw new ArmError(
        400,
        'SecurityRuleParameterCannotBeNullOrEmpty',
        `Required security rule parameter ${side} is missing for security rule with Id ${id}. Security rule must specify either ${side} or ${side}s.`,
        { details: [] },
      );
    }
    const bad = values.find((value) =>
      side.endsWith('PortRange') ? !isPortRange(value) : !isPrefixOrTag(value),
    );
    if (bad !== undefined) {
      throw new ArmError(
        400,
        `SecurityRuleInvalid${side.endsWith('PortRange') ? 'PortRange' : 'AddressPrefix'}`,
        `Security rule has invalid ${side.endsWith('PortRange') ? 'Port range' : 'Address prefix'}. Value provided: ${bad}.`,
        { details: [] },
      );
    }
  }
}

function isPortRange(value: string): boolean {
  if (value === '*') return true;
  const [from = NaN, to = from] = value.split('-').map(Number);
  return /^\d+(-\d+)?$/.test(value) && from <= to && to <= 65535;
}

/** A whole number is an address to Azure, as to .NET's `IPAddress`: `789` was taken, and shown as it was sent. */
function isPrefixOrTag(value: string): boolean {
  if (/^\d+$/.test(value)) return Number(value) < 2 ** 32;
  const [base = '', length] = value.split('/');
  const family = isIP(base);
  if (family === 0) return /^(\*|[A-Za-z][A-Za-z0-9.]*)$/.test(value);
  return length === undefined || (/^\d+$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
}

/** Two rules of one direction cannot share a priority. @throws ArmError 400 SecurityRuleConflict */
export function refuseClash(rules: readonly SecurityRule[], { name, properties }: SecurityRule): void {
  const clash = rules.find(
    (other) =>
      other.name.toLowerCase() !== name.toLowerCase() &&
      other.properties.priority === properties.priority &&
      other.properties.direction === properties.direction,
  );
  if (!clash) return;
  throw new ArmError(
    400,
    'SecurityRuleConflict',
    `Security rule ${clash.name} conflicts with rule ${name}. Rules cannot have the same Priority and Direction. To learn more, see aka.ms/nsgrules.`,
    { details: [] },
  );
}
