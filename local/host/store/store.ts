import { openDatabase, type Database, type Durability } from './database.ts';
import { createInstances, type Instances } from './instances.ts';
import { createMessages, type Messages } from './messages.ts';
import { joinOwners, type Owners } from './owners.ts';
import { createSchedules, type Schedules } from './schedules.ts';

/** Everything the host keeps, in one SQLite file that several host processes may share. */
export interface Store {
  database: Database;
  instances: Instances;
  messages: Messages;
  owners: Owners;
  schedules: Schedules;
}

/** @throws Error when the file cannot be used */
export function openStore(path: string, durability: Durability): Store {
  const database = openDatabase(path, durability);
  return {
    database,
    instances: createInstances(database),
    messages: createMessages(database),
    owners: joinOwners(database),
    schedules: createSchedules(database),
  };
}
