import type { Refusal } from '../../windows/quirks.ts';
import { quirksOf } from '../disk/quirks.ts';
import type { Fault } from './fault.ts';

/** Windows refuses a change, by the name a change hook hears; with a target, only that made to it. */
export function refuse(what: string, more: Omit<Refusal, 'what'> = {}): Fault {
  return (disk) => {
    const quirks = quirksOf(disk);
    quirks.refusals = [...(quirks.refusals ?? []), { what, ...more }];
  };
}

/** Nobody may change the firewall by its commands. */
export const refuseFirewallChange: Fault = refuse('firewall.set');
/** The disk stays online when it is told to go. */
export const refuseOffline: Fault = refuse('storage.set-offline');
/** No volume of the disk gets a letter. */
export const refuseLetter: Fault = refuse('storage.assign-letter');
/** What is cached cannot be written down. */
export const refuseFlush: Fault = refuse('storage.flush');
