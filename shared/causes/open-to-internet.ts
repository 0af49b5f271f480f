import type { Cause } from './cause.ts';

/** A rule of Azure's network, which no fact inside Windows shows: `shared/repair/rdp-exposure.ts` finds and restricts it. */
export const openToInternet: Cause = {
  id: 'open-to-internet',
  step: 'rdp-security',
  order: 10,
  title: 'RDP is open to the Internet',
  findings: {},
  reads: [],
  writes: [],
  detect: () => [],
  repair: () => [],
  takesEffect: 'now',
  words: {
    seen: 'Network security group: inbound RDP open to `*`, `Internet`, `0.0.0.0/0` or a tag that means the same (`AzureCloud`: anyone can rent an address in it), also through ranges; unless a Deny rule precedes it or it is for other VMs.',
    mend: 'Restricts the source of that rule to the given addresses (a rule that covers more than RDP stays, and two narrower rules are added before it); nothing without addresses.',
    guidance:
      'Restrict the source of the inbound rule to the addresses of administrators, or use Bastion or just-in-time access.',
    byHand: 'Portal: the rule, *Source*, *IP addresses*.',
    undo: 'Restore the old rule and delete the added ones: both are in the record as `changedRules`.',
  },
  recipe: [],
};
