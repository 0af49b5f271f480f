import {
  beginDeleteSecurityRule,
  beginPutSecurityRule,
  networkSecurityGroupPaths,
  readSecurityRules,
} from '../../shared/azure/security-rules.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';
import { implementMandated } from './mandate.ts';

/** Activities on network security groups. */
export function registerNetworkActivities(deps: ActivityDependencies): void {
  const { azure } = deps;
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
  implementMandated(deps, ACTIVITIES.beginPutSecurityRule, ({ rule, before }) =>
    beginPutSecurityRule(azure, rule, before),
  );
  implementMandated(deps, ACTIVITIES.beginDeleteSecurityRule, ({ rule }) =>
    beginDeleteSecurityRule(azure, rule),
  );
}
