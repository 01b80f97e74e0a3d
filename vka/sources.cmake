# SPDX-License-Identifier: BSD-2-Clause
# Copyright 2026, the allocman authors
# Relative to this folder. One include folder serves every architecture.
set(VKA_SOURCES src/debug-vka.c src/null-vka.c)
set(VKA_INCLUDE_DIRS include)
