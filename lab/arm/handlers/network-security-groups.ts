import { linkedApplicationGroups } from '../access/links.ts';
import type { Context } from '../context.ts';
import { ok, page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import { anotherOperationInProgress } from '../network/busy.ts';
import { securityRuleSchema } from '../network/network-schema.ts';
import { nsgToWire, ruleToWire } from '../network/network-wire.ts';
import { requireNetworkEtag } from '../network/precondition.ts';
import { refuseClash, requireComplete } from '../network/rule-checks.ts';
import { PATHS, type Route } from '../route.ts';
import type { NetworkSecurityGroup, SecurityRule } from '../store/resources.ts';
import { touch } from '../store/store.ts';
import { resourceNotFound } from '../errors.ts';
import { SECONDS } from '../timings.ts';
import { readBody } from '../wire.ts';

const TYPE = 'Microsoft.Network/networkSecurityGroups';
const COLLECTION = `${PATHS.groupNetwork}/networkSecurityGroups`;
const ONE = `${COLLECTION}/:name`;
const RULE = `${ONE}/securityRules/:rule`;

export const networkSecurityGroupRoutes: Route[] = [
  {
    method: 'GET',
    path: ONE,
    action: `${TYPE}/read`,
    handle: (request, { store }) => ok(nsgToWire(store, store.networkSecurityGroups.get(request.target))),
  },
  { method: 'GET', path: COLLECTION, action: `${TYPE}/read`, handle: list },
  {
    method: 'GET',
    path: `${PATHS.subscriptionNetwork}/networkSecurityGroups`,
    action: `${TYPE}/read`,
    handle: list,
  },
  { method: 'GET', path: `${ONE}/securityRules`, action: `${TYPE}/securityRules/read`, handle: listRules },
  { method: 'GET', path: RULE, action: `${TYPE}/securityRules/read`, handle: getRule },
  {
    method: 'PUT',
    path: RULE,
    action: `${TYPE}/securityRules/write`,
    linked: linkedApplicationGroups,
    handle: putRule,
  },
  { method: 'DELETE', path: RULE, action: `${TYPE}/securityRules/delete`, handle: removeRule },
];

function list(request: ArmRequest, { store }: Context): ArmAnswer {
  return page(store.networkSecurityGroups.within(request.target).map((nsg) => nsgToWire(store, nsg)));
}

const nsgOf = (request: ArmRequest, { store }: Context): NetworkSecurityGroup =>
  store.networkSecurityGroups.get(request.target.replace(/\/securityRules(\/[^/]+)?$/i, ''));

const named =
  (name: string) =>
  (rule: SecurityRule): boolean =>
    rule.name.toLowerCase() === name.toLowerCase();

function listRules(request: ArmRequest, context: Context): ArmAnswer {
  const nsg = nsgOf(request, context);
  return page(nsg.rules.map((rule) => ruleToWire(nsg, rule)));
}

function getRule(request: ArmRequest, context: Context): ArmAnswer {
  const nsg = nsgOf(request, context);
  const name = param(request, 'rule');
  const rule = nsg.rules.find(named(name));
  if (!rule)
    throw resourceNotFound(`${TYPE}/securityRules`, `${nsg.name}/${name}`, param(request, 'resourceGroup'));
  return ok(ruleToWire(nsg, rule));
}

function putRule(request: ArmRequest, context: Context): ArmAnswer {
  const nsg = nsgOf(request, context);
  const name = param(request, 'rule');
  const { properties } = readBody(securityRuleSchema, request.body);
  const rule: SecurityRule = { name, properties };
  requireComplete(nsg, rule);
  const existing = nsg.rules.find(named(name));
  requireNetworkEtag(request, existing && nsg);
  refuseClash(nsg.rules, rule);
  const before = nsg.rules;
  const operation = change(request, context, nsg, SECONDS.networkWrite, () => {
    nsg.rules = existing ? before.map((other) => (other === existing ? rule : other)) : [...before, rule];
    return ok(ruleToWire(nsg, rule));
  });
  return { status: existing ? 200 : 201, body: ruleToWire(nsg, rule), operation };
}

function removeRule(request: ArmRequest, context: Context): ArmAnswer {
  const nsg = nsgOf(request, context);
  const rule = nsg.rules.find(named(param(request, 'rule')));
  if (!rule) return { status: 204 };
  const operation = change(request, context, nsg, SECONDS.networkDelete, () => {
    nsg.rules = nsg.rules.filter((other) => other !== rule);
    return { status: 200 };
  });
  return { status: 202, operation };
}

/** A rule counts only once its operation is through; meanwhile the whole group is busy. */
function change(
  request: ArmRequest,
  { operations }: Context,
  nsg: NetworkSecurityGroup,
  seconds: number,
  apply: () => ArmAnswer,
): ReturnType<Context['operations']['begin']> {
  const operation = operations.begin(request, {
    family: 'network',
    location: nsg.location,
    exclusive: nsg.id,
    busy: (running) => anotherOperationInProgress(running),
    async work({ pass }) {
      await pass(seconds);
      nsg.provisioningState = 'Succeeded';
      touch(nsg);
      return apply();
    },
    failed: () => {
      nsg.provisioningState = 'Failed';
    },
  });
  nsg.provisioningState = 'Updating';
  return operation;
}
