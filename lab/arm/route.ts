import type { Demand } from './access/roles.ts';
import type { Context } from './context.ts';
import type { ArmAnswer, ArmRequest, Method } from './http.ts';

/** One operation of ARM: what it is called in roles and logs, and what it does. */
export interface Route {
  method: Method;
  /** find-my-way pattern; compared without regard to case. */
  path: string;
  /** The Azure action a role must grant. */
  action: string;
  /**
   * Polls of long operations lie at the subscription, yet an assignment further down suffices: whoever may begin an
   * operation may follow it.
   */
  anywhere?: true;
  /** No role has to grant the action: whoever has signed in is answered with what concerns him. */
  open?: true;
  /** Where the action has to be allowed, if not at the target. */
  scope?(request: ArmRequest): string;
  /** Rights on resources the request refers to. */
  linked?(request: ArmRequest, context: Context): Demand[];
  handle(request: ArmRequest, context: Context): ArmAnswer | Promise<ArmAnswer>;
  /** What stays behind of a request that was refused, by the provider itself or by a scripted fault. */
  refused?(request: ArmRequest, context: Context): void;
}

const SUBSCRIPTION = '/subscriptions/:subscriptionId';
const GROUP = `${SUBSCRIPTION}/resourceGroups/:resourceGroup`;

/** Path prefixes of the contract's short forms. */
export const PATHS = {
  subscription: SUBSCRIPTION,
  group: GROUP,
  groupCompute: `${GROUP}/providers/Microsoft.Compute`,
  subscriptionCompute: `${SUBSCRIPTION}/providers/Microsoft.Compute`,
  groupNetwork: `${GROUP}/providers/Microsoft.Network`,
  subscriptionNetwork: `${SUBSCRIPTION}/providers/Microsoft.Network`,
} as const;
