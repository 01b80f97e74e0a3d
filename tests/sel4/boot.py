#!/usr/bin/env python3
"""boot.py [--timeout SECONDS] COMMAND...: run a command that boots a root task, most likely QEMU, and copy what comes over
the serial line, until the root task says that it ends. The exit status is the root task's; 125 if it does not come to
that: the command ends, the kernel stops, or the time is up. The kernel's own messages about refused invocations
(debug builds print them in the middle of lines) are left out."""
import argparse
import os
import re
import select
import subprocess
import sys
import time

END = re.compile(rb'^ROOT TASK ENDS: (\d+)')
KERNEL_MESSAGE = re.compile(rb'<<seL4\(CPU.*?>>\n', re.S)
KERNEL_STOPS = re.compile(rb'Caught cap fault in send phase|Kernel init failed|seL4 failed assertion|KERNEL ABORT|seL4 called fail|'
                          rb'not supported by the processor')
COLOURS = re.compile(rb'\x1b\[[0-9;?]*[A-Za-z]|\r')


def lines(process, deadline):
    """Complete lines without kernel messages; ends with the process or the time."""
    text = b''
    while (left := deadline() - time.monotonic()) > 0:
        if not select.select([process.stdout], [], [], left)[0]:
            return
        chunk = os.read(process.stdout.fileno(), 65536)
        text = KERNEL_MESSAGE.sub(b'', COLOURS.sub(b'', text + chunk))
        if not chunk:
            yield text
            return
        if b'<<' in text:  # the rest of the message is to come
            continue
        *complete, text = text.split(b'\n')
        yield from complete


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument('--timeout', type=float, default=900)
    arguments.add_argument('command', nargs=argparse.REMAINDER)
    given = arguments.parse_args()
    end = time.monotonic() + given.timeout
    status = None
    with subprocess.Popen(given.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            for line in lines(process, lambda: end):
                sys.stdout.buffer.write(line + b'\n')
                sys.stdout.buffer.flush()
                if KERNEL_STOPS.search(line):
                    end = min(end, time.monotonic() + 1)  # what follows says where
                if found := END.match(line):
                    status = int(found[1])
                    break
        finally:
            process.kill()
    if status is None:
        print('boot.py: the root task came to no end', file=sys.stderr)
        return 125
    return min(status, 124)


sys.exit(main())
