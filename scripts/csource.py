"""Just enough C to find declarations: comments, strings and directives blanked out, then top-level items."""
import re
from pathlib import Path
from typing import NamedTuple, Optional

TOKENS = re.compile(r'//(?:\\\n|[^\n])*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
DIRECTIVE = re.compile(r'^[ \t]*#(?:\\\n|[^\n])*', re.M)
ARGUMENTS = r'\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)'
# Macros are written in capitals. One with arguments on a line of its own, or without and a blank line below, stands alone.
LONE_MACRO = re.compile(rf'(?:[A-Z_][A-Z0-9_]*(?:{ARGUMENTS}[ \t]*\n|[ \t]*\n[ \t]*\n)\s*)*')
ATTRIBUTE = re.compile(rf'\b(?:__attribute__|_Alignas|[A-Z_][A-Z0-9_]*)\s*{ARGUMENTS}')


class Item(NamedTuple):
    """A declaration or definition; lines count from 1."""
    first_line: int
    last_line: int
    text: str             # without comments
    function: Optional[str]  # its name, if it declares or defines one
    body: bool            # has braces


def files(root, folders, suffixes=('.c', '.h')):
    """Sources below the folders that exist, in a fixed order."""
    return [p for f in folders for p in sorted((Path(root) / f).rglob('*')) if p.suffix in suffixes]


def _blank(match):
    return re.sub(r'[^\n]', ' ', match.group())


def code(text, directives=False):
    """The text with comments and literals turned to blanks, and directives too unless wanted. Lines stay."""
    text = TOKENS.sub(_blank, text)
    return text if directives else DIRECTIVE.sub(_blank, text)


def function_name(head):
    """The function that this head of an item declares, or None."""
    head = ATTRIBUTE.sub(' ', head)
    if re.match(r'\s*(typedef|_?[sS]tatic_assert)\b', head):
        return None
    # not `int (*name)(...)`: a variable
    found = re.search(r'([A-Za-z_]\w*)\s*\((?!\s*\*)|\(', head.split('=')[0])
    return found and found[1]


def items(path):
    """Top-level items of a file. Raises ValueError(line, message) when the braces do not balance."""
    text = code(path.read_text())
    start, depth, body = None, 0, False
    for position, char in enumerate(text):
        if start is None:
            if char.isspace() or char in ';}':  # '}' closes an extern "C"
                continue
            start, body = position, False
        if char == '{':
            if depth == 0 and text[start:position].strip() == 'extern':
                start = None
                continue
            depth, body = depth + 1, True
        elif char == '}':
            depth -= 1
        if depth > 0 or char not in ';}':
            continue
        start = LONE_MACRO.match(text, start).end()
        item = text[start:position + 1]
        function = function_name(item.split('{')[0])
        if char == ';' or function:
            yield Item(text.count('\n', 0, start) + 1, text.count('\n', 0, position) + 1, item, function, body)
            start = None
    if depth > 0:
        raise ValueError(text.count('\n', 0, start) + 1,
                         'braces do not balance from here on (they must in each branch of an #if)')
