import type { Options } from '../../model/request.ts';
import { capOf, FREE_OPTIONS, isCovered, type Cap } from './caps.ts';
import type { PolicyFacts } from './facts.ts';
import type { Policy } from './schema.ts';
import { allows, refuses, type Rule } from './verdicts.ts';

/** What a sender asks for, held against the most that the policy gives its kind. What the policy's own defaults say is always given. */
export const SOURCE_RULES = {
  'source-mode': capped(({ modes }, { mode, source }) =>
    modes.includes(mode) ? undefined : `${source} may request ${listOr(modes, 'nothing')}, not "${mode}"`,
  ),

  'source-restore-way': capped(({ restoreWays }, { options: { restoreWay }, source }, { options }) =>
    restoreWay === options.restoreWay || restoreWays.includes(restoreWay)
      ? undefined
      : `${source} may not request restoreWay "${restoreWay}"`,
  ),

  'source-options': capped((cap, { options, source }, defaults) => {
    const beyond = FREE_OPTIONS.filter(
      (name) => options[name] !== defaults.options[name] && !cap.options.includes(name),
    );
    return beyond.length === 0 ? undefined : `${source} may not set ${beyond.join(', ')}`;
  }),

  'source-addresses': capped((cap, { options, source }, defaults) => {
    const given = [...cap.addresses, ...defaults.options.adminAddresses];
    const beyond = options.adminAddresses.filter((address) => !isCovered(address, given));
    return beyond.length === 0 ? undefined : `${source} may not allow access from ${beyond.join(', ')}`;
  }),

  'accepted-losses': capped((cap, { options, source }, defaults) => {
    const beyond = options.acceptLosses.filter((loss) => !defaults.options.acceptLosses.includes(loss));
    return beyond.length === 0 || cap.restoreWays.includes('rebuild')
      ? undefined
      : `${source} may not accept the loss of ${beyond.join(', ')}`;
  }),

  'source-rate': ({ sources }, { source, startedThisHour }) => {
    const { perHour } = capOf(sources, source);
    const reason = `${source} has started ${startedThisHour} of ${perHour} remediations allowed per hour`;
    return startedThisHour < perHour ? allows(reason) : { verdict: 'waits', reason };
  },

  peer: ({ peers }, { options }) => {
    if (options.peerVmId === undefined) return allows('no peer is named');
    return peers.allowed
      ? allows('peers are allowed; the tag on this one is checked before it is used')
      : refuses('the policy does not allow peers (peers.allowed)');
  },
} satisfies Readonly<Record<string, Rule>>;

type Beyond = (
  cap: Cap,
  asked: PolicyFacts & { options: Options },
  defaults: Policy['defaults'],
) => string | undefined;

/** A rule that says what of the request goes beyond the cap of its source. */
function capped(beyond: Beyond): Rule {
  return ({ sources, defaults }, facts) => {
    const reason = beyond(capOf(sources, facts.source), facts, defaults);
    return reason === undefined ? allows(`${facts.source} may request this`) : refuses(reason);
  };
}

function listOr(words: readonly string[], otherwise: string): string {
  return words.length === 0 ? otherwise : words.join(', ');
}
