/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The benchmark as root task of a real kernel. */

#include "clock.h"
#include "meter.h"
#include "run.h"

int main(void);

int main(void)
{
    clock_prepare();
    meter_prepare();
    return run_all("the kernel's own", (struct sel4model_options){0}) ? 0 : 1;
}
