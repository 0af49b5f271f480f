import { ACTIVITIES } from '../../shared/model/activity.ts';
import { saysNoRoom } from '../../shared/repair/capacity.ts';
import { act, type Steps } from './durable.ts';
import type { Run } from './run.ts';

/** A sentence on other sizes, where Azure has no room for the VM's own: none is taken but by a person. */
export function* sizesToBeHad({ context, vm }: Run, message: string): Steps<string> {
  if (!saysNoRoom(message)) return '';
  const { sizes } = yield* act(context, ACTIVITIES.otherSizes, { vm });
  return sizes.length === 0
    ? ''
    : ` Offered at this moment, with what ${vm.size} has: ${sizes.join(', ')} (az vm resize); the service changes no size.`;
}
