"""What the library's archives want from outside, and what they write: for any machine whose ELF files nm can read."""
import re
import subprocess

# Not libc but libgcc: what the compiler itself calls where the machine has no such instruction.
COMPILER_HELPERS = (r'__(u?div(mod)?|u?mod|mul|ash[lr]|lshr|clz|ctz|popcount|parity|ffs|bswap)[sdt]i[234]'
                    r'|__aeabi_(u?i|u?l)div(mod)?|__aeabi_(lmul|llsl|llsr|lasr)')
OUTSIDE_SYMBOLS = re.compile(
    rf'seL4_\w+|__sel4_ipc_buffer|__assert_fail|mem(cpy|set|move|cmp)|_GLOBAL_OFFSET_TABLE_|{COMPILER_HELPERS}')
# The one manager whose business is the C library's heap: includes and symbols that it alone may use.
EXCEPTIONS = {'mspace/malloc.c': {'stdlib.h', 'malloc', 'free', 'calloc'}}


def excepted(name):
    return next((allowed for path, allowed in EXCEPTIONS.items() if path.endswith(name)), set())


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def rules(paths, outside=()):
    """One message each: symbols that the archives want from outside, but for those named, and data that they write."""
    defined, wanted = set(outside), []
    for archive in paths:
        member = ''
        for line in output('nm', str(archive)).splitlines():
            symbol = re.match(r'[0-9a-f ]* ([A-Za-z]) (\S+)$', line)
            if line.endswith('.o:'):
                member = line[:-3].split('/')[-1]
            elif symbol and symbol[1] in 'Uwv':
                wanted.append((archive.name, member, symbol[2]))
            elif symbol:
                defined.add(symbol[2])
        # By section, not by nm's letter: constant tables of pointers (.data.rel.ro) look like data to nm.
        for line in output('objdump', '-t', str(archive)).splitlines():
            if ':     file format' in line:
                member = line.split(':')[0].removesuffix('.o')
            entry = re.match(r'[0-9a-f]+ .{7} (\S+)\t[0-9a-f]+ +(?:\.hidden )?(\S+)$', line)
            if entry and re.match(r'\.([st]?data(?!\.rel\.ro)|[st]?bss)|\*COM\*', entry[1]) and entry[1] != entry[2]:
                yield f'{archive.name}({member}): writable data: {entry[2]} in {entry[1]}'
    for archive, member, symbol in wanted:
        if symbol not in defined and not OUTSIDE_SYMBOLS.fullmatch(symbol) and symbol not in excepted('/' + member):
            yield f'{archive}({member}): uses {symbol} from outside'
