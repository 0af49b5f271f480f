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
    seen: 'Network security group: inbound RDP open to `*`, `Internet`, `0.0.0.0/0` or a tag that means the same (`AzureCloud`: anybody can rent an address in it), through ranges too; not behind a Deny of all that, nor for other VMs.',
    mend: 'The source of that rule, to the addresses given (a rule that means more than RDP stays, two narrower ones go before it); nothing without addresses.',
    guidance:
      'Restrict the source of the inbound rule to the addresses of administrators, or use Bastion or just-in-time access.',
    byHand: 'Portal: the rule, *Source*, *IP addresses*.',
    undo: 'Write the old rule back, delete the added ones: both stand in the record as `changedRules`.',
  },
  recipe: [],
};
