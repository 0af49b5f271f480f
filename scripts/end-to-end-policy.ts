/** Prints the policy of the end-to-end test on real Azure: `node scripts/end-to-end-policy.ts <subscription id> <resource group>`. */
import { endToEndPolicy } from './azure/policy.ts';

const [subscription = '', group = ''] = process.argv.slice(2);
console.log(JSON.stringify(endToEndPolicy(subscription, group), undefined, 2));
