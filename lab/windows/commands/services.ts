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
        // Win32_Service writes what Get-Service calls StopPending as two words.
        State: service.state.replace('Pending', ' Pending'),
        StartMode: START_MODES[service.startType],
        ProcessId: service.pid,
        StartName: service.account,
        PathName: service.imagePath,
        AcceptStop: service.canStop,
      })),
    Win32_Process: ({ services, network, processes }) => {
      const pids = [...services.list(), ...network.listeners()].map(({ pid }) => pid);
      return [...new Set(pids)].flatMap((pid) => {
        const process = processes.get(pid);
        return process ? [{ ProcessId: pid, Name: process.name, ParentProcessId: 0 }] : [];
      });
    },
    'Stop-Service': async (machine, args) => {
      for (const name of listOf(args, 'name'))
        await machine.services.stop(name, { force: isSet(args, 'force'), wait: !isSet(args, 'noWait') });
    },
    'Set-Service': (machine, args) => {
      machine.services.configure(textOf(args, 'name'), {
        startType: startTypeOf(textOf(args, 'startupType')),
      });
    },
  },
  throughWmi: ['Win32_Service', 'Win32_Process'],
  programs: {
    /** `start NAME`, which does not wait, and `config NAME obj= ACCOUNT`; the exit code is Windows' error. */
    'sc.exe': async (machine, [verb = '', name = '', ...options]) => {
      const at = options.findIndex((option) => option.toLowerCase() === 'obj=');
      const account = at < 0 ? undefined : options[at + 1];
      try {
        if (verb.toLowerCase() === 'start') await machine.services.start(name, { wait: false });
        else if (verb.toLowerCase() === 'config' && account !== undefined)
          machine.services.configure(name, { account });
        else return failure(WIN32.invalidParameter);
      } catch (error) {
        if (error instanceof WindowsError) return failure(error.code, error.message);
        throw error;
      }
      return lines('[SC] SUCCESS');
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
