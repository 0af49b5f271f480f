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
    : ` Sizes with the same features as ${vm.size} that are available now: ${sizes.join(', ')} (az vm resize). The service never changes the size.`;
}
