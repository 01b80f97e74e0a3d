/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Runs inputs of files, without a fuzzer:
//
//     replay_<target> FILE|DIRECTORY...       each file, each file of each directory
//     replay_<target> --print FILE...         the same, and prints each operation before it is done

#include "fuzz.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static unsigned long files;

static void run_file(const char *path)
{
    FILE *const file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        fuzz_fail("%s cannot be read", path);
    }
    const long size = ftell(file);
    uint8_t *const data = malloc(size > 0 ? (size_t)size : 1);
    rewind(file);
    if (size < 0 || !data || fread(data, 1, (size_t)size, file) != (size_t)size) {
        fuzz_fail("%s cannot be read", path);
    }
    (void)fclose(file);
    if (fuzz_out) {
        fprintf(fuzz_out, "%s: ", path);
    }
    (void)LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    files++;
}

static void run_directory(const char *path)
{
    struct dirent **entry = NULL;
    const int count = scandir(path, &entry, NULL, alphasort);
    if (count < 0) {
        fuzz_fail("%s cannot be read", path);
    }
    for (int i = 0; i < count; i++) {
        char name[4096];
        (void)snprintf(name, sizeof(name), "%s/%s", path, entry[i]->d_name);
        if (entry[i]->d_name[0] != '.') {
            run_file(name);
        }
        free(entry[i]);
    }
    free(entry);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct stat status;
        if (strcmp(argv[i], "--print") == 0) {
            fuzz_out = stdout;
        } else if (stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode)) {
            run_directory(argv[i]);
        } else {
            run_file(argv[i]);
        }
    }
    printf("%s: %lu inputs, nothing wrong\n", fuzz_target.name, files);
    return files == 0; // a replay of nothing shows nothing
}
