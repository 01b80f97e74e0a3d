/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The stream as root task of a real kernel built with printing. main() is called by a start-up that has
// set the IPC buffer.
#include "seeds.h"
#include "stream.h"

int main(seL4_BootInfo *bootinfo);

void conformance_print(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        seL4_DebugPutChar(*at);
    }
}

int main(seL4_BootInfo *bootinfo)
{
    static const seL4_Word seeds[] = {STREAM_SEEDS};
    static struct stream stream;
    stream.print_from = STREAM_PRINT_FROM;
    stream.print_to = STREAM_PRINT_TO;
    for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        if (!stream_run(&stream, bootinfo, seeds[i], STREAM_COUNT)) {
            conformance_print("no such untypeds\n");
            return 1;
        }
    }
    return 0;
}
