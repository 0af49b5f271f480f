import { explain, type ExplainOptions } from '../../../local/explain/explain.ts';
import { TERMINAL_SERVER, TERMINAL_SERVICES_POLICY } from '../../../shared/causes/listener.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { certificate, certificates, healthyFacts, key, onDisk, value } from '../../shared/causes/facts.ts';
import { answer, deniedFacts } from '../../shared/guest/answers.ts';

const IN_WORDS: ExplainOptions = { script: false, lun: undefined };
const AS_SCRIPT: ExplainOptions = { script: true, lun: undefined };

function said(facts: Facts, options = IN_WORDS): string {
  return explain(JSON.stringify(facts), options).output;
}

describe('explain, in words', () => {
  it('says which Windows it is, what is wrong, what would be done, how that may end and what it means', () => {
    const lines = said(deniedFacts()).split('\n');
    expect(lines[0]).toBe(
      'VM: Microsoft Windows Server 2022 Datacenter, build 20348, running, as it was at 2026-11-20T12:00:00.000Z',
    );
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}fault {4}rdp-denied {2}\S/));
    const change = lines.indexOf('Changes, in this order:') + 1;
    expect(lines.slice(change, change + 7)).toEqual([
      '  1. set fDenyTSConnections in CurrentControlSet\\Control\\Terminal Server to 0 (seen: 1)',
      '     possible results: written, stands, moved, refused',
      'In which',
      '  written: written and read back',
      '  stands: already set',
      '  moved: changed by somebody else since, so left alone',
      '  refused: Windows refused it',
    ]);
  });

  it('tells what a verb may write', () => {
    const expired = certificate({ notAfter: '2026-01-01T00:00:00.000Z' });
    const text = said(healthyFacts(certificates(expired)));
    expect(text).toContain('delete the self-signed RDP certificate');
    expect(text).toContain(expired.thumbprint);
    expect(text).toContain('may write: self-signed certificates of the store "Remote Desktop" are deleted');
  });

  it('names what counts only with a restart of the VM', () => {
    const tls = 'Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server';
    expect(said(healthyFacts(value(tls, 'Enabled', 0)))).toContain(
      'Takes effect after a restart of the VM: tls. Diagnose again afterwards.',
    );
    expect(said(deniedFacts())).not.toContain('restart of the VM');
  });

  it('says what a person must do where no script may', () => {
    const byPolicy = healthyFacts(value(TERMINAL_SERVICES_POLICY, 'fDenyTSConnections', 1, ''));
    expect(said(byPolicy)).toContain(
      'Nothing would be changed.\n\nNot repaired by any script:\n  rdp-denied: ',
    );
  });

  it('finds nothing wrong with a healthy Windows', () => {
    const text = said(healthyFacts());
    expect(text).not.toMatch(/^ {2}fault /m);
    expect(text).toContain('Nothing would be changed.');
  });

  it('warns of what could not be read', () => {
    expect(said(healthyFacts(key(TERMINAL_SERVER, 'unread')))).toMatch(/^ {2}warning /m);
  });

  it('tells how the changes of a run ended, and judges what is there now', () => {
    const outcome = {
      change: 0,
      do: 'registry',
      word: 'refused',
      wrote: [],
      data: [],
      error: { code: 5, text: "Zugriff $(verweigert)'" },
    };
    const { output, code } = explain(
      JSON.stringify(answer({ script: 'apply', outcomes: [outcome] })),
      IN_WORDS,
    );
    expect(output).toContain('Changes made:\n  1. registry: refused (error 5, Zugriff __verweigert__)\n');
    expect(output).toContain('rdp-denied');
    expect(code).toBe(0);
  });

  it('has nothing to judge where the script could not look', () => {
    const failed = answer({ facts: null, error: { code: 'BitLockerLocked', message: 'unlock it' } });
    expect(explain(JSON.stringify(failed), IN_WORDS)).toEqual({
      output: '',
      errors: 'The script failed: BitLockerLocked unlock it\nThe input contains no facts.\n',
      code: 1,
    });
  });
});

describe('explain --script', () => {
  it('gives the script alone, and says beside it how it is taken back', () => {
    const { output, errors, code } = explain(JSON.stringify(deniedFacts()), AS_SCRIPT);
    const nonce = /^\$Nonce = '([0-9a-f]{32})'; /.exec(output)?.[1] ?? '';
    expect(nonce).not.toBe('');
    expect(errors).toBe(`Number of changes: 1.\nTo undo: apply.ps1 -Undo ${nonce}\n`);
    expect(code).toBe(0);
  });

  it('is the same for the same facts', () => {
    expect(said(deniedFacts(), AS_SCRIPT)).toBe(said(deniedFacts(), AS_SCRIPT));
  });

  it('gives none where nothing would be changed', () => {
    expect(explain(JSON.stringify(healthyFacts()), AS_SCRIPT)).toMatchObject({ output: '', code: 1 });
  });

  it('wants to know where a disk is attached', () => {
    const disk = JSON.stringify(deniedFacts(onDisk));
    expect(explain(disk, AS_SCRIPT)).toMatchObject({ output: '', code: 1 });
    expect(explain(disk, { script: true, lun: 5 }).output).toMatch(
      /^\$Nonce = .*\$Scope = 'offline'; \$Lun = '5';/,
    );
  });
});
