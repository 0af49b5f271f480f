import { instanceView } from '../compute/instance-view.ts';
import { vmToWire } from '../compute/vm-wire.ts';
import type { Context } from '../context.ts';
import { ArmError } from '../errors.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { pageOf } from '../paging.ts';
import { PATHS, type Route } from '../route.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';
const COLLECTION = `${PATHS.groupCompute}/virtualMachines`;
const ONE = `${COLLECTION}/:name`;

export const vmReadRoutes: Route[] = [
  { method: 'GET', path: ONE, action: `${TYPE}/read`, handle: get },
  {
    method: 'GET',
    path: `${ONE}/instanceView`,
    action: `${TYPE}/instanceView/read`,
    handle: getInstanceView,
  },
  { method: 'GET', path: COLLECTION, action: `${TYPE}/read`, handle: list },
  {
    method: 'GET',
    path: `${PATHS.subscriptionCompute}/virtualMachines`,
    action: `${TYPE}/read`,
    handle: list,
  },
];

function get(request: ArmRequest, context: Context): ArmAnswer {
  const vm = context.store.virtualMachines.get(request.target);
  const expand = request.query.get('$expand');
  if (expand !== null && !/^(instanceView|userData|resiliencyView)$/i.test(expand)) {
    throw new ArmError(400, 'InvalidParameter', `The value of parameter $expand is invalid.`, {
      target: '$expand',
    });
  }
  const asked = expand?.toLowerCase();
  return ok(
    vmToWire(context, vm, { instanceView: asked === 'instanceview', userData: asked === 'userdata' }),
  );
}

function getInstanceView(request: ArmRequest, context: Context): ArmAnswer {
  return ok(instanceView(context, context.store.virtualMachines.get(request.target)));
}

function list(request: ArmRequest, context: Context): ArmAnswer {
  if (/\/resourceGroups\//i.test(request.target)) context.store.resourceGroups.get(request.target);
  const expand = { instanceView: request.query.get('statusOnly') === 'true' };
  return pageOf(request, context.store.virtualMachines.within(request.target), (vm) =>
    vmToWire(context, vm, expand),
  );
}
