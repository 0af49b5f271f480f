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
    const groups = [...new Set(paths.flat())];
    const rules = await Promise.all(groups.map((id) => readSecurityRules(azure, id)));
    return { paths, rules: rules.flat() };
  });
  implement(ACTIVITIES.beginPutSecurityRule, ({ rule }) => beginPutSecurityRule(azure, rule));
  implement(ACTIVITIES.beginDeleteSecurityRule, ({ rule }) => beginDeleteSecurityRule(azure, rule));
}
