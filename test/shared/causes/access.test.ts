import { ACCOUNTS, mayAccess, READ, WRITE } from '../../../shared/causes/access.ts';

const { system, networkService } = ACCOUNTS;
const BOTH = READ | WRITE;

describe('rights in a security descriptor', () => {
  it.each([
    ['words', 'D:PAI(A;;FA;;;SY)(A;;FR;;;NS)', true],
    ['numbers and numeric SIDs', 'D:(A;;0x1f01ff;;;S-1-5-18)(A;;0x120089;;;S-1-5-20)', true],
    ['generic rights', 'D:(A;OICI;GA;;;SY)(A;;GR;;;NS)', true],
    ['generic rights as numbers', 'D:(A;;0x10000000;;;SY)(A;;0x80000000;;;NS)', true],
    ['rights in two entries', 'D:(A;;FR;;;SY)(A;;FW;;;BA)(A;;FRFX;;;NS)', true],
    ['the letters of single rights', 'D:(A;;CCDC;;;SY)(A;;CC;;;NS)', true],
    ['everyone', 'O:SYG:SYD:(A;;0x12019f;;;WD)', true],
    ['a descriptor with an audit part', 'D:(A;;FA;;;SY)(A;;FR;;;NS)S:(AU;SAFA;FA;;;WD)', true],
    ['no list at all: everybody may', 'D:NO_ACCESS_CONTROL', true],
    ['an empty list: nobody may', 'D:P', false],
    ['nothing', '', false],
    ['an account that is gone', 'D:(A;;FA;;;S-1-5-21-1-2-3-1104)', false],
    ['reading alone for SYSTEM', 'D:(A;;FR;;;SY)(A;;FR;;;NS)', false],
    ['a grant for what is below only', 'D:(A;OICIIO;FA;;;SY)(A;;FR;;;NS)', false],
    ['a denial', 'D:(D;;FR;;;NS)(A;;FA;;;SY)(A;;FR;;;NS)', false],
    ['a denial that stands behind the grant', 'D:(A;;FA;;;SY)(A;;FR;;;NS)(D;;FR;;;NS)', false],
    ['a denial of everyone', 'D:(A;;FA;;;SY)(A;;FR;;;NS)(D;;GR;;;WD)', false],
    [
      'a denial that was inherited, behind what is granted here',
      'D:(A;;FA;;;SY)(A;;FR;;;NS)(D;ID;FA;;;WD)',
      true,
    ],
    ['a denial before a grant, both inherited', 'D:(A;;FA;;;SY)(A;ID;FR;;;NS)(D;OIID;FR;;;NS)', false],
    ['a denial of something else', 'D:(D;;FX;;;NS)(A;;FA;;;SY)(A;;FR;;;NS)', true],
    ['a denial for what is below only', 'D:(D;OICIIO;FA;;;WD)(A;;FA;;;SY)(A;;FR;;;NS)', true],
  ])('%s', (_, sddl, isUsable) => {
    const may = mayAccess(sddl, system, BOTH) && mayAccess(sddl, networkService, READ);
    expect(may).toBe(isUsable);
  });

  it('takes the execute right for no right to read', () => {
    expect(mayAccess('D:(A;;GX;;;NS)', networkService, READ)).toBe(false);
  });
});
