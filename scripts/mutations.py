"""Mutations of C: every place in the bodies of a source's functions where one of the operators applies.

    comparison   < and <=, > and >=, == and !=, && and ||
    arithmetic   + and -, * and /, % to /, << and >>, & and |, ++ and --, and the same with =
    constant     a number, or a constant in capitals, one more or one less; true and false
    statement    a call, an assignment, break or continue left out
    argument     two neighbouring arguments of a call swapped

By tokens: it need not know types, because what does not compile is no mutant. Declarators, directives, tables of
constants, case labels and the inside of strings are left alone."""
import hashlib
import re
from typing import NamedTuple

TOKEN = re.compile(r'''(?P<skip>\s+|//(?:\\\n|[^\n])*|/\*.*?\*/|^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)
    |(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<name>[A-Za-z_]\w*)|(?P<number>\d[\w.]*)
    |(?P<sign><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)''', re.X | re.S | re.M)
COMPARISON = {'<': '<=', '<=': '<', '>': '>=', '>=': '>', '==': '!=', '!=': '==', '&&': '||', '||': '&&'}
ARITHMETIC = {'+': '-', '-': '+', '*': '/', '/': '*', '%': '/', '<<': '>>', '>>': '<<', '&': '|', '|': '&', '++': '--', '--': '++',
              '+=': '-=', '-=': '+=', '*=': '/=', '/=': '*=', '<<=': '>>=', '>>=': '<<=', '&=': '|=', '|=': '&='}
UNARY_TOO = {'-', '+', '*', '&'}  # where the left neighbour is no operand
HEADS = {'if', 'while', 'for', 'switch'}
TYPE_WORDS = {'const', 'static', 'unsigned', 'signed', 'int', 'char', 'long', 'short', 'bool', 'void', 'struct', 'enum', 'union',
              'volatile', 'typedef', '_Alignas', '_Static_assert', 'extern', 'register'}
NO_OPERAND = {'return', 'case', 'else', 'do', 'sizeof'}


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class Mutation(NamedTuple):
    file: str
    function: str
    operator: str
    start: int
    end: int
    text: str    # in the place of [start, end)
    before: str  # the lines that change, in one, as they are
    after: str   # and as they become
    nth: int     # of those with the same file, function, before and after

    def key(self):
        return self.file, self.function, self.before, self.after

    def order(self, seed):
        """Where it stands in the order of a seed: other mutations change nothing about that."""
        return hashlib.sha256('\0'.join((str(seed), *self.key(), str(self.nth))).encode()).hexdigest()

    def apply(self, source):
        return source[:self.start] + self.text + source[self.end:]


class Source:
    def __init__(self, name, text):
        self.name, self.text, self.found, self.times = name, text, [], {}
        self.tokens = [Token(m.lastgroup, m.group(), m.start(), m.end()) for m in TOKEN.finditer(text) if m.lastgroup != 'skip']
        self.partner = self.brackets()

    def brackets(self):
        partner, opened = {}, []
        for i, token in enumerate(self.tokens):
            if token.kind == 'sign' and token.text in '([{':
                opened.append(i)
            elif token.kind == 'sign' and token.text in ')]}':
                partner[i] = opened.pop()
                partner[partner[i]] = i
        return partner

    def mutations(self):
        i = 0
        while i < len(self.tokens):
            if self.text_of(i) == '{':
                if self.text_of(i - 1) == ')' and self.tokens[self.partner[i - 1] - 1].kind == 'name':
                    self.function = self.text_of(self.partner[i - 1] - 1)
                    self.body(i + 1, self.partner[i])
                i = self.partner[i]
            i += 1
        return self.found

    def text_of(self, i):
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ''

    def body(self, i, end):
        """Statements of a function, one after the other; those inside of others are as good."""
        while i < end:
            word = self.text_of(i)
            if word in HEADS:
                close = self.partner[i + 1]
                self.clauses(i + 2, close)
                i = close + 1
            elif word in ('{', '}', ';', 'else', 'do'):
                i += 1
            elif word in ('case', 'default') or self.text_of(i + 1) == ':' and self.tokens[i].kind == 'name':
                while self.text_of(i) != ':':
                    i += 1
                i += 1
            else:
                stop = self.statement_end(i)
                self.statement(i, stop)
                i = stop + 1

    def statement_end(self, i):
        while self.text_of(i) != ';':
            i = self.partner[i] + 1 if self.text_of(i) in ('(', '[', '{') else i + 1
        return i

    def clauses(self, i, close):
        """What is in the brackets of if, for and so on."""
        start = i
        while i <= close:
            if i == close or self.text_of(i) == ';':
                self.expression_of(start, i)
                start = i + 1
            i = self.partner[i] + 1 if i < close and self.text_of(i) in ('(', '[', '{') else i + 1

    def statement(self, start, stop):
        declares = self.is_declaration(start)
        word = self.text_of(start)
        if not declares and (word != 'return' or stop == start + 1):
            lines = self.text.count('\n', self.tokens[start].start, self.tokens[stop].start)
            self.add('statement', start, stop, '' + '\n' * lines)
        self.expression_of(start, stop)

    def is_declaration(self, i):
        token, after = self.tokens[i], self.tokens[i + 1]
        return token.kind == 'name' and token.text not in NO_OPERAND and token.text != 'goto' and (
            token.text in TYPE_WORDS or after.kind == 'name' or after.text == '*')

    def expression_of(self, start, stop):
        """The whole, or of a declaration the initialiser."""
        if start < stop and self.is_declaration(start):
            if self.text_of(start) == 'static' or self.text_of(start) == '_Static_assert':
                return
            while start < stop and self.text_of(start) != '=':
                start = self.partner[start] + 1 if self.text_of(start) in ('(', '[', '{') else start + 1
            start += 1
        for i in range(start, stop):
            self.at(i)

    def at(self, i):
        token = self.tokens[i]
        if token.kind == 'number' and '.' not in token.text or (
                token.kind == 'name' and re.fullmatch(r'[A-Z][A-Z0-9_]{2,}', token.text) and token.text != 'NULL'
                and self.text_of(i + 1) != '('):
            self.add('constant', i, i + 1, f'({token.text} + 1)')
            self.add('constant', i, i + 1, f'({token.text} - 1)')
        elif token.text in ('true', 'false'):
            self.add('constant', i, i + 1, 'false' if token.text == 'true' else 'true')
        elif token.kind == 'sign' and token.text in COMPARISON:
            self.add('comparison', i, i + 1, COMPARISON[token.text])
        elif token.kind == 'sign' and token.text in ARITHMETIC and (token.text not in UNARY_TOO or self.is_operand(i - 1)):
            self.add('arithmetic', i, i + 1, ARITHMETIC[token.text])
        elif token.text == '(' and self.tokens[i - 1].kind == 'name' and self.text_of(i - 1) not in HEADS | NO_OPERAND \
                and not self.text_of(i - 1).isupper():
            self.swaps(i)

    def is_operand(self, i):
        """Does an operand end here? A cast's bracket ends none."""
        token = self.tokens[i]
        if token.text == ')':
            opening = self.partner[i]
            inside = [self.text_of(k) for k in range(opening + 1, i)]
            cast = self.tokens[opening - 1].kind != 'name' and inside and (
                inside[0] in TYPE_WORDS or inside[-1] == '*' or len(inside) == 1 and
                (inside[0].endswith('_t') or re.match(r'seL4_[A-Z]\w*$', inside[0])))
            return not cast
        return token.kind == 'number' or token.text == ']' or token.kind == 'name' and token.text not in NO_OPERAND

    def swaps(self, opening):
        starts, i = [opening + 1], opening + 1
        while i < self.partner[opening]:
            if self.text_of(i) == ',':
                starts.append(i + 1)
            i = self.partner[i] + 1 if self.text_of(i) in ('(', '[', '{') else i + 1
        starts.append(self.partner[opening] + 1)
        for a, b, c in zip(starts, starts[1:], starts[2:]):
            first, second = ((self.tokens[p].start, self.tokens[q - 2].end) for p, q in ((a, b), (b, c)))
            one, between, two = self.text[slice(*first)], self.text[first[1]:second[0]], self.text[slice(*second)]
            if one != two:
                self.add('argument', a, c - 1, two + between + one)

    def add(self, operator, first, after, text):
        """Replace the tokens [first, after)."""
        start, end = self.tokens[first].start, self.tokens[after - 1].end
        from_line = self.text.rfind('\n', 0, start) + 1
        to_line = self.text.find('\n', end)
        before = ' '.join(self.text[from_line:to_line].split())
        changed = ' '.join((self.text[from_line:start] + text + self.text[end:to_line]).split())
        if before != changed:
            key = self.function, before, changed
            nth = self.times[key] = self.times.get(key, 0) + 1
            self.found.append(Mutation(self.name, self.function, operator, start, end, text, before, changed, nth))


def mutations(name, text):
    """All mutations of a source, in its order."""
    return Source(name, text).mutations()
