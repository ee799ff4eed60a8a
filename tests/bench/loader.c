/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine library costs a process that has nothing of it yet: loads libclarion.so, makes an engine, and prints
 *     microseconds of dlopen   private kilobytes that came with it   of those: dirty ones
 *
 *     loader libclarion.so [a library that is loaded before and not counted]
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

struct memory {
    long clean;
    long dirty;
};

static struct memory private_memory(void) {
    static char line[256];
    struct memory found = {0, 0};
    FILE* file = fopen("/proc/self/smaps_rollup", "r");
    if (file == NULL) return found;
    while (fgets(line, sizeof line, file) != NULL) {
        (void)sscanf(line, "Private_Clean: %ld", &found.clean);
        (void)sscanf(line, "Private_Dirty: %ld", &found.dirty);
    }
    fclose(file);
    return found;
}

typedef int32_t create_function(const char*, size_t, int64_t, uint64_t, void**);

int main(int count, char** arguments) {
    static const char config[] = "{\"service\":\"acme\",\"user\":\"bob\",\"device\":\"phone\",\"platform\":\"ios\"}";
    struct memory before;
    struct memory after;
    void* library = NULL;
    void* engine = NULL;
    void* symbol = NULL;
    create_function* create = NULL;
    double start = 0;
    double loaded = 0;
    if (count < 2) return 2;
    if (count > 2 && dlopen(arguments[2], RTLD_NOW | RTLD_GLOBAL) == NULL) return 3;
    (void)private_memory(); /* What reading costs, once. */
    before = private_memory();
    start = now_us();
    library = dlopen(arguments[1], RTLD_NOW);
    loaded = now_us() - start;
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 4;
    }
    symbol = dlsym(library, "clarion_create");
    if (symbol == NULL) return 5;
    memcpy(&create, &symbol, sizeof create);
    if (create(config, sizeof config - 1, 1, 1, &engine) != 0) return 6;
    after = private_memory();
    printf(
        "%.0f %ld %ld\n", loaded, after.clean + after.dirty - before.clean - before.dirty, after.dirty - before.dirty
    );
    return 0;
}
