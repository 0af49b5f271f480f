import * as z from 'zod';
import * as seam from '../seam.ts';
import { storageCommands } from './storage.ts';
import { date, listOf, numberOf, textOf, type CommandSet } from './command.ts';

const dataSchema = z.union([z.number(), z.string(), z.array(z.string())]);

/** The functions of `guest/lib/seam.ps1`, whose text the runner cuts out: `pwsh/stand-in/seam.ps1` sends them here. */
export const seamCommands: CommandSet = {
  commands: {
    'Read-RegistryKey': (machine, args) => {
      const key = seam.readRegistryKey(machine, textOf(args, 'path'), listOf(args, 'names'));
      return key && { Values: key.Values.map((value) => ({ ...value })), Subkeys: key.Subkeys };
    },
    'Write-RegistryValue': (machine, args) => {
      const data = dataSchema.parse(args['data']);
      seam.writeRegistryValue(
        machine,
        textOf(args, 'path'),
        textOf(args, 'name'),
        textOf(args, 'kind'),
        data,
      );
    },
    'Remove-RegistryValue': (machine, args) => {
      seam.removeRegistryValue(machine, textOf(args, 'path'), textOf(args, 'name'));
    },
    'Remove-RegistryKey': (machine, args) => {
      seam.removeRegistryKey(machine, textOf(args, 'path'));
    },
    'Read-EntryKind': (machine, args) => seam.readEntryKind(machine, textOf(args, 'path')),
    'Read-FileLength': (machine, args) => seam.readFileLength(machine, textOf(args, 'path')),
    'Read-FileVersion': (machine, args) => seam.readFileVersion(machine, textOf(args, 'path')),
    'Read-FileCount': (machine, args) => seam.readFileCount(machine, textOf(args, 'path')),
    'Read-Descriptor': (machine, args) => ({ ...seam.readDescriptor(machine, textOf(args, 'path')) }),
    'Write-Descriptor': (machine, args) => {
      seam.writeDescriptor(machine, textOf(args, 'path'), textOf(args, 'sddl'));
    },
    'Write-Owner': (machine, args) => {
      seam.writeOwner(machine, textOf(args, 'path'), textOf(args, 'sid'));
    },
    'New-Folder': (machine, args) => {
      seam.newFolder(machine, textOf(args, 'path'));
    },
    'Move-Entry': (machine, args) => {
      seam.moveEntry(machine, textOf(args, 'from'), textOf(args, 'to'));
    },
    'Copy-Entry': (machine, args) => {
      seam.copyEntry(machine, textOf(args, 'from'), textOf(args, 'to'));
    },
    'Remove-Entry': (machine, args) => {
      seam.removeEntry(machine, textOf(args, 'path'));
    },
    'Read-KeyOpens': (machine) => ({ ...seam.readKeyOpens(machine) }),
    'Read-Handshake': async (machine, args) => ({
      ...(await seam.readHandshake(machine, numberOf(args, 'port'))),
    }),
    'Read-Space': (machine, args) => ({ ...seam.readSpace(machine, textOf(args, 'root')) }),
    'Read-ProcessStart': (machine, args) => {
      const started = machine.processes.get(numberOf(args, 'id'))?.startedAt;
      return started === undefined ? null : date(started);
    },
    'Stop-ProcessTree': (machine, args) =>
      seam.stopProcessTree(machine, numberOf(args, 'id')).then(() => null),
    'Read-Surroundings': (machine) => ({ ...seam.readSurroundings(machine) }),
    'Invoke-DiskPart': async (machine, args) => {
      const diskPart = storageCommands.programs?.['diskpart.exe'];
      return (await diskPart?.(machine, listOf(args, 'lines')))?.exitCode;
    },
  },
};
