import { findPwsh } from '../../../lab/windows/pwsh/runner.ts';
import { startCommandServer, type CommandServer } from '../../../lab/windows/pwsh/server.ts';
import { itWithPwsh } from './support/pwsh.ts';
import { onVm, startVm, type Vm } from './support/vm.ts';

describe('the command server of a machine', () => {
  let vm: Vm;
  let server: CommandServer;

  beforeAll(async () => {
    vm = await startVm('healthy');
    server = await startCommandServer(vm.machine(), () => undefined);
  });
  afterAll(async () => {
    await server.close();
    await vm.close();
  });

  async function send(body: unknown, token = server.environment['RDP_MEDIC_STAND_IN_TOKEN']) {
    const response = await fetch(server.environment['RDP_MEDIC_STAND_IN_URL'] ?? '', {
      method: 'POST',
      headers: { authorization: `Bearer ${token ?? ''}` },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  }

  it('answers as the cmdlet would', async () => {
    const { text } = await send({ command: 'Get-NetTCPConnection', arguments: { localPort: 3389 } });
    expect(JSON.parse(text)).toMatchObject({ output: [{ LocalPort: 3389, State: 'Listen' }] });
  });

  it('gives what Windows refuses as an error with its code', async () => {
    const { text } = await send({ command: 'Start-Service', arguments: { name: 'NoSuchService' } });
    expect(JSON.parse(text)).toMatchObject({ error: { code: 1060 } });
  });

  it('carries out nothing without the token', async () => {
    const command = { command: 'Stop-Service', arguments: { name: 'TermService', force: true } };
    expect((await send(command, 'guessed')).status).toBe(500);
    expect(vm.machine().services.get('TermService')?.state).toBe('Running');
  });

  it('fails loudly at a command it does not know, instead of answering for Windows', async () => {
    expect(await send({ command: 'Get-Nothing', arguments: {} })).toEqual({
      status: 500,
      text: 'the lab has no Windows command Get-Nothing',
    });
  });
});

describe('programs of a German Windows', () => {
  it('speak German, and end with the same codes', async () => {
    await onVm('machine-keys', {}, async (vm) => {
      const server = await startCommandServer(vm.machine(), () => undefined);
      const response = await fetch(server.environment['RDP_MEDIC_STAND_IN_URL'] ?? '', {
        method: 'POST',
        headers: { authorization: `Bearer ${server.environment['RDP_MEDIC_STAND_IN_TOKEN'] ?? ''}` },
        body: JSON.stringify({
          program: 'icacls.exe',
          arguments: ['C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys'],
        }),
      });
      expect(await response.json()).toMatchObject({
        exitCode: 5,
        lines: [
          expect.stringContaining('Zugriff verweigert'),
          expect.stringContaining('Verarbeitungsfehler'),
        ],
      });
      await server.close();
    });
  });
});

describe('the search for PowerShell', () => {
  it('takes the one that is named, or none', () => {
    expect(findPwsh({ RDP_MEDIC_PWSH: process.execPath, PATH: '' })).toBe(process.execPath);
    expect(findPwsh({ RDP_MEDIC_PWSH: '/nowhere/pwsh', PATH: '' })).toBeUndefined();
    expect(findPwsh({ PATH: '' })).toBeUndefined();
  });

  itWithPwsh('ends a script at a gap of the lab, whatever it catches', async () => {
    await onVm('healthy', { engine: 'pwsh' }, async ({ guest }) => {
      const { exitCode, stderr } = await guest.runScript({
        text: '# rdp-medic-script: online/none\ntry { Get-CimInstance -ClassName Win32_Nothing } catch { "caught" }',
        parameters: {},
      });
      expect({ exitCode, stderr: stderr.trim() }).toEqual({
        exitCode: 70,
        stderr: 'stand-in: the lab has no Windows command Win32_Nothing',
      });
    });
  });
});
