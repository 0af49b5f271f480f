import {
  beginDeleteSecurityRule,
  beginPutSecurityRule,
  networkSecurityGroupPaths,
  readSecurityRules,
} from '../../shared/azure/security-rules.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** Activities on network security groups. */
export function registerNetworkActivities({ azure }: ActivityDependencies): void {
  implement(ACTIVITIES.readSecurityRules, async (vm) => {
    const paths = await networkSecurityGroupPaths(azure, vm);
    const ids = [...new Set(paths.flat())];
    const groups = await Promise.all(ids.map((id) => readSecurityRules(azure, id, vm)));
    return {
      paths,
      rules: groups.flatMap(({ rules }) => rules),
      shared: ids.filter((_, index) => groups[index]?.shared),
    };
  });
  implement(ACTIVITIES.beginPutSecurityRule, ({ rule, before }) => beginPutSecurityRule(azure, rule, before));
  implement(ACTIVITIES.beginDeleteSecurityRule, ({ rule }) => beginDeleteSecurityRule(azure, rule));
}
