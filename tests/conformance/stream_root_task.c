/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The stream as root task of a real kernel built with printing. main() is called by a start-up that has
// set the IPC buffer.
#include "answers.h"

int main(seL4_BootInfo *bootinfo);

void conformance_print(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        seL4_DebugPutChar(*at);
    }
}

int main(seL4_BootInfo *bootinfo)
{
    static struct stream stream;
#ifdef ANSWERS_VERBOSE
    stream.is_verbose = true;
#endif
    return answers_run(&stream, bootinfo) ? 0 : 1;
}
