import {
  commandArguments,
  commandName,
  commands,
  ofType,
  problemAt,
  whole,
  type Node,
  type Problem,
  type Rule,
} from './powershell.ts';

const SEAM = /^lib\/seam/;
/** Bytes and text: .NET, but nothing of Windows, so that they run everywhere for real. */
const PORTABLE = ['lib/codec', 'lib/certificate-blob'];

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Types that a value is turned into, or asked for. Others make objects of texts, as `[wmi]` does. */
const PLAIN_TYPES = words(`
  array bool byte[] char DateTime decimal hashtable int int[] long object object[] ordered scriptblock string string[] switch
  uint32 uint64 void System.Management.Automation.PSCustomObject System.Collections.IDictionary`);
const PORTABLE_TYPES = words('System.ComponentModel.Win32Exception');
const PLAIN_OBJECTS = words('PSObject System.Collections.ArrayList');
const PORTABLE_OBJECTS = words(`
  byte[] System.IO.MemoryStream System.IO.Compression.GZipStream
  System.Security.Cryptography.MD5CryptoServiceProvider System.Security.Cryptography.SHA256CryptoServiceProvider
  System.Security.Cryptography.X509Certificates.X509Certificate2`);
/** All of them stand in .NET 4.6, of which Server 2016 was made. */
const PORTABLE_STATICS = words(`
  Array::Copy Array::Reverse bigint::Parse BitConverter::GetBytes BitConverter::ToInt32 BitConverter::ToInt64
  BitConverter::ToString BitConverter::ToUInt32 BitConverter::ToUInt64 Console::Error Console::Out
  Convert::FromBase64String Convert::ToBase64String Convert::ToInt32 DateTime::Parse GC::Collect
  GC::WaitForPendingFinalizers Globalization.CultureInfo::GetCultureInfo Globalization.CultureInfo::InvariantCulture
  Globalization.DateTimeStyles::AdjustToUniversal Globalization.NumberStyles::AllowHexSpecifier
  IO.Compression.CompressionMode::Compress IO.Compression.CompressionMode::Decompress regex::Replace
  Text.Encoding::ASCII Text.Encoding::Unicode Text.Encoding::UTF8`);
/** Methods of texts, lists, tables and moments. What Windows gives has others, such as `Stop`. */
const PLAIN_METHODS = words(`
  Add AddHours Clear Contains ContainsKey EndsWith IndexOf LastIndexOf PadLeft PadRight Replace Split StartsWith Substring
  ToArray ToCharArray ToString ToUniversalTime Trim TrimEnd TrimStart`);
const PORTABLE_METHODS = words(
  'ComputeHash Dispose GetBytes GetString Read ToByteArray ToLowerInvariant ToUpperInvariant Write WriteLine',
);
/** Overloads with more came with .NET Core. */
const ONE_ARGUMENT = words('Contains EndsWith IndexOf StartsWith Split');

/** Outside of the seam nothing calls .NET but for bytes and text: what touches this machine can be cut out in the lab. */
export const staysInTheSeam: Rule = ({ id, root }) => {
  if (SEAM.test(id)) return [];
  const isPortable = PORTABLE.includes(id);
  const among = (plain: ReadonlySet<string>, portable: ReadonlySet<string>) => (name: string) =>
    plain.has(name) || (isPortable && portable.has(name));
  const none: ReadonlySet<string> = new Set();
  const isType = among(PLAIN_TYPES, PORTABLE_TYPES);
  const isObject = among(PLAIN_OBJECTS, PORTABLE_OBJECTS);
  const isStatic = among(none, PORTABLE_STATICS);
  const isMethod = among(PLAIN_METHODS, PORTABLE_METHODS);
  return [
    ...ofType(root, 'type_literal')
      .filter((type) => !isStaticAccess(type.parent) && !isAttributeName(type))
      .filter((type) => !isType(typeName(type)))
      .map((type) => problemAt(type, `${type.text} is no plain type`)),
    ...ofType(root, 'invokation_expression', 'member_access').flatMap((access): Problem[] => {
      const member = access.children.find((child) => child.type === 'member_name')?.text ?? '';
      if (isStaticAccess(access)) {
        const [from] = access.children;
        const name = from?.type === 'type_literal' ? typeName(from) : (from?.text ?? '');
        return isStatic(`${name}::${member}`) ? [] : [problemAt(access, `${access.text} is not in the seam`)];
      }
      if (access.type === 'member_access') return [];
      if (!isMethod(member)) return [problemAt(access, `.${member}() is no method of texts and lists`)];
      return ONE_ARGUMENT.has(member) && ofType(access, 'argument_list').at(-1) && countArguments(access) > 1
        ? [problemAt(access, `.${member}() with more than one argument came later`)]
        : [];
    }),
    ...commands(root)
      .filter((command) => commandName(command) === 'New-Object')
      .filter((command) => !isObject(/^[^\s(,]+/.exec(commandArguments(command).join(' '))?.[0] ?? ''))
      .map((command) => problemAt(command, `${command.text.slice(0, 60)} is not in the seam`)),
  ];
};

function isStaticAccess(node: Node | null): boolean {
  return node?.children[1]?.text === '::';
}

/** `[Parameter(Mandatory)]`, `[CmdletBinding()]`. */
function isAttributeName({ text }: Node): boolean {
  return /^\[(Parameter|Validate\w+|Allow\w+|CmdletBinding)\b/.test(text);
}

function typeName({ text }: Node): string {
  return text.slice(1, -1);
}

function countArguments(call: Node): number {
  const list = call.children.find((child) => child.type === 'argument_list');
  return (list?.children ?? [])
    .filter((child) => child.type === 'argument_expression_list')
    .flatMap((child) => child.children)
    .filter((child) => child.type === 'argument_expression').length;
}

const REGION = /^#region seam\r?\n[\s\S]*?^#endregion seam\r?$/gm;

/** Every function of the seam stands between its marks: what is left of the file when they are cut out does nothing. */
export const isCutOutWhole: Rule = ({ id, text }) => {
  if (!SEAM.test(id)) return text.includes('#region seam') ? [whole('marks a seam that is none')] : [];
  const left = text.replace(REGION, '').split('\n');
  return left.every((line) => /^\s*(#.*)?$/.test(line)) ? [] : [whole('something stands beside the marks')];
};

/** What a translated Windows calls otherwise. Service accounts are not translated. */
const TRANSLATED =
  /\b(Everyone|BUILTIN\\|NT AUTHORITY\\SYSTEM|Authenticated Users|Remote Desktop - User Mode)|^['"](Administrators|Users|Guests|Remote Desktop|Remote Desktop Users)['"]$/i;
/** The certificate store is called so in every language. */
const NOT_TRANSLATED = /^'Remote Desktop'$/;
/** Members that hold a text in the language of Windows. */
const TRANSLATED_MEMBERS = words(
  'Message Caption Description DisplayGroup DisplayName LevelDisplayName Status StatusText TaskDisplayName',
);
/** Where such a text is only handed on; `Status` of a service is an enumeration. */
const HANDED_ON = ['lib/codec', 'lib/answer'];
const OF_SERVICES = ['lib/services', 'lib/facts/listeners'];

export const knowsNoTranslatedNames: Rule = ({ id, root }) => [
  ...ofType(root, 'string_literal')
    .filter(({ text }) => TRANSLATED.test(text) && !NOT_TRANSLATED.test(text))
    .map((node) => problemAt(node, `a name that is translated: ${node.text}`)),
  ...commands(root)
    .filter((command) => commandArguments(command).some((one) => /^-Display(Group|Name)$/i.test(one)))
    .filter((command) => commandName(command) !== 'New-NetFirewallRule')
    .map((command) => problemAt(command, 'a name for people is translated')),
  ...(SEAM.test(id) ? [] : ofType(root, 'member_access'))
    .filter((access) => {
      const member = access.children.find((child) => child.type === 'member_name')?.text ?? '';
      if (!TRANSLATED_MEMBERS.has(member) || HANDED_ON.includes(id)) return false;
      return member !== 'Status' || !OF_SERVICES.includes(id);
    })
    .map((access) => problemAt(access, `${access.text} is in the language of Windows`)),
];
