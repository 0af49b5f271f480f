import { changeOfPermissions, permissionsOf } from '../../../shared/report/permissions.ts';

describe('Permissions in words', () => {
  it.each([
    ['D:PAI(A;;FA;;;BA)(A;OICI;0x12019f;;;WD)', ['Administrators: full control', 'Everyone: read and write']],
    [
      'O:BAG:SYD:(D;;FR;;;NS)(A;ID;FA;;;SY)',
      ['NETWORK SERVICE: denied read', 'SYSTEM: full control, inherited'],
    ],
    ['D:(A;;0x40;;;S-1-5-21-1-2-3-1001)', ['S-1-5-21-1-2-3-1001: special permissions (0x40)']],
    ['D:P', ['Nobody has access: the access control list is empty']],
    ['D:NO_ACCESS_CONTROL', ['Everyone has full control: there is no access control list']],
  ])('of %s', (sddl, lines) => {
    expect(permissionsOf(sddl)).toEqual(lines);
  });

  it('are no words for what is no security descriptor', () => {
    expect(permissionsOf('whatever a guest says')).toBeUndefined();
    expect(changeOfPermissions('nonsense', 'D:P')).toBeUndefined();
  });

  it('tell what came and what went', () => {
    expect(changeOfPermissions('D:(A;;FA;;;BA)(D;;FR;;;NS)', 'D:(A;;FA;;;BA)(A;;FA;;;SY)')).toEqual([
      'Added: SYSTEM: full control',
      'Removed: NETWORK SERVICE: denied read',
    ]);
    expect(changeOfPermissions(null, 'D:(A;;FA;;;SY)')).toEqual(['Added: SYSTEM: full control']);
  });
});
