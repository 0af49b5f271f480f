import type { Machine, ServiceStartType, ServiceView } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { failure, isSet, lines, listOf, textOf, type CommandSet, type Output } from './command.ts';
import { runningDependents } from './dependents.ts';

const START_MODES: Record<ServiceStartType, string> = {
  Boot: 'Boot',
  System: 'System',
  Automatic: 'Auto',
  Manual: 'Manual',
  Disabled: 'Disabled',
};

export const serviceCommands: CommandSet = {
  commands: {
    'Get-Service': (machine, args) =>
      listOf(args, 'name').map((name) => {
        const service = demand(machine, name);
        return {
          ...shown(service),
          DependentServices: runningDependents(machine, service.name).map((dependent) =>
            shown(demand(machine, dependent)),
          ),
        };
      }),
    Win32_Service: ({ services }) =>
      services.list().map((service) => ({
        Name: service.name,
        DisplayName: service.displayName,
        State: service.state,
        StartMode: START_MODES[service.startType],
        ProcessId: service.pid,
        StartName: service.account,
        PathName: service.imagePath,
        AcceptStop: service.canStop,
      })),
    'Start-Service': async (machine, args) => {
      for (const name of listOf(args, 'name')) await machine.services.start(name);
    },
    'Stop-Service': async (machine, args) => {
      for (const name of listOf(args, 'name'))
        await machine.services.stop(name, { force: isSet(args, 'force') });
    },
    'Restart-Service': async (machine, args) => {
      for (const name of listOf(args, 'name'))
        await machine.services.restart(name, { force: isSet(args, 'force') });
    },
    'Set-Service': (machine, args) => {
      machine.services.configure(textOf(args, 'name'), {
        startType: startTypeOf(textOf(args, 'startupType')),
      });
    },
  },
  programs: {
    'sc.exe': (machine, [verb = '', name = '', ...options]) => {
      if (verb.toLowerCase() !== 'config') return failure(WIN32.invalidParameter);
      const at = options.findIndex((option) => option.toLowerCase() === 'obj=');
      const account = at < 0 ? undefined : options[at + 1];
      if (account === undefined) return failure(WIN32.invalidParameter);
      try {
        machine.services.configure(name, { account });
      } catch (error) {
        if (error instanceof WindowsError) return failure(error.code, error.message);
        throw error;
      }
      return lines('[SC] ChangeServiceConfig SUCCESS');
    },
  },
};

function shown({ name, displayName, state, startType }: ServiceView): { readonly [name: string]: Output } {
  return { Name: name, DisplayName: displayName, Status: state, StartType: startType };
}

function demand({ services }: Machine, name: string): ServiceView {
  const service = services.get(name);
  if (!service) throw new WindowsError(WIN32.serviceDoesNotExist, `there is no service ${name}`);
  return service;
}

function startTypeOf(name: string): ServiceStartType {
  const types: readonly ServiceStartType[] = ['Automatic', 'Manual', 'Disabled'];
  const type = types.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (!type) throw new WindowsError(WIN32.invalidParameter, `no start type ${name}`);
  return type;
}
