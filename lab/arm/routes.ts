import { activityLogRoutes } from './handlers/activity-log.ts';
import { authorizationRoutes } from './handlers/authorization.ts';
import { catalogueRoutes } from './handlers/catalogue.ts';
import { denyAssignmentRoutes } from './handlers/deny-assignments.ts';
import { diskRoutes } from './handlers/disks.ts';
import { imageListRoutes } from './handlers/image-lists.ts';
import { managedRunCommandRoutes } from './handlers/managed-run-commands.ts';
import { networkInterfaceRoutes } from './handlers/network-interfaces.ts';
import { networkReadRoutes } from './handlers/network-reads.ts';
import { networkSecurityGroupWriteRoutes } from './handlers/network-security-group-writes.ts';
import { networkSecurityGroupRoutes } from './handlers/network-security-groups.ts';
import { networkWriteRoutes } from './handlers/network-writes.ts';
import { operationPollRoutes } from './handlers/operation-polls.ts';
import { policyAssignmentRoutes } from './handlers/policy-assignments.ts';
import { policyRestrictionRoutes } from './handlers/policy-restrictions.ts';
import { resourceGroupRoutes } from './handlers/resource-groups.ts';
import { resourceListRoutes } from './handlers/resource-lists.ts';
import { roleAssignmentRoutes } from './handlers/role-assignments.ts';
import { runCommandRoutes } from './handlers/run-command.ts';
import { scheduleRoutes } from './handlers/schedules.ts';
import { runCommandDocumentRoutes } from './handlers/run-command-documents.ts';
import { snapshotRoutes } from './handlers/snapshots.ts';
import { subscriptionRoutes } from './handlers/subscriptions.ts';
import { tagRoutes } from './handlers/tags.ts';
import { vmCreateRoutes } from './handlers/vm-create.ts';
import { vmDataDiskRoutes } from './handlers/vm-data-disks.ts';
import { vmDeleteRoutes } from './handlers/vm-delete.ts';
import { vmExtensionRoutes } from './handlers/vm-extensions.ts';
import { vmPowerRoutes } from './handlers/vm-power.ts';
import { vmReadRoutes } from './handlers/vm-read.ts';
import { vmUpdateRoutes } from './handlers/vm-update.ts';
import type { Route } from './route.ts';

/** All the lab imitates. What is not here is answered with 501. */
export const routes: readonly Route[] = [
  ...vmReadRoutes,
  ...vmCreateRoutes,
  ...vmUpdateRoutes,
  ...vmDataDiskRoutes,
  ...vmPowerRoutes,
  ...vmDeleteRoutes,
  ...vmExtensionRoutes,
  ...runCommandRoutes,
  ...runCommandDocumentRoutes,
  ...managedRunCommandRoutes,
  ...diskRoutes,
  ...snapshotRoutes,
  ...scheduleRoutes,
  ...catalogueRoutes,
  ...imageListRoutes,
  ...networkInterfaceRoutes,
  ...networkSecurityGroupRoutes,
  ...networkSecurityGroupWriteRoutes,
  ...networkReadRoutes,
  ...networkWriteRoutes,
  ...authorizationRoutes,
  ...denyAssignmentRoutes,
  ...roleAssignmentRoutes,
  ...policyAssignmentRoutes,
  ...policyRestrictionRoutes,
  ...tagRoutes,
  ...activityLogRoutes,
  ...subscriptionRoutes,
  ...resourceGroupRoutes,
  ...resourceListRoutes,
  ...operationPollRoutes,
];
