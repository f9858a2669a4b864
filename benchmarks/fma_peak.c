/* Fused multiply-adds on registers alone, on some threads at once.

       fma_peak THREADS SECONDS

   prints floating-point operations a second, all threads together. Each thread keeps CHAINS
   vectors in registers and does v = v * a + b to one after the other: more than the latency of the
   instruction times the instructions a cycle, so that no vector waits for itself. */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifndef REAL
#define REAL float
#endif
#if defined(__AVX512F__)
#define BYTES 64
#define CHAINS 24
#elif defined(__AVX__)
#define BYTES 32
#define CHAINS 12
#else
#define BYTES 16
#define CHAINS 12
#endif
#define REPEATS 20000

typedef REAL vector __attribute__((vector_size(BYTES)));
enum { LANES = BYTES / sizeof(REAL), MOST_THREADS = 1024 };

typedef struct {
    double seconds;  /* how long to run */
    double rate;     /* found: operations a second */
    REAL kept;       /* a value that depends on every operation, so that none is left out */
    pthread_barrier_t *start;
} job;

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

/* a < 1 and a small b: the values settle, and are never subnormal. */
__attribute__((noinline)) static REAL multiply_and_add(REAL first) {
    vector v[CHAINS], a, b;
    for (int lane = 0; lane < LANES; ++lane) a[lane] = (REAL)0.5, b[lane] = first;
    for (int chain = 0; chain < CHAINS; ++chain) v[chain] = b;
    for (int i = 0; i < REPEATS; ++i) {
#pragma GCC unroll 32
        for (int chain = 0; chain < CHAINS; ++chain) v[chain] = v[chain] * a + b;
    }
    REAL sum = 0;
    for (int chain = 0; chain < CHAINS; ++chain)
        for (int lane = 0; lane < LANES; ++lane) sum += v[chain][lane];
    return sum;
}

static void *run(void *argument) {
    job *mine = argument;
    long calls = 0;
    mine->kept = multiply_and_add(1);  /* raises the clock */
    pthread_barrier_wait(mine->start);
    double began = now(), passed;
    do {
        mine->kept += multiply_and_add((REAL)(1 + calls % 3));
        ++calls;
        passed = now() - began;
    } while (passed < mine->seconds);
    mine->rate = 2.0 * LANES * CHAINS * REPEATS * (double)calls / passed;
    return NULL;
}

int main(int count, char **words) {
    int n_threads = count > 1 ? atoi(words[1]) : 1;
    double seconds = count > 2 ? atof(words[2]) : 0.5, rate = 0;
    if (n_threads < 1 || n_threads > MOST_THREADS) return 2;
    static pthread_t threads[MOST_THREADS];
    static job jobs[MOST_THREADS];
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, (unsigned)n_threads);
    for (int i = 0; i < n_threads; ++i) {
        jobs[i] = (job){.seconds = seconds, .start = &start};
        if (pthread_create(&threads[i], NULL, run, &jobs[i]) != 0) return 1;
    }
    REAL kept = 0;
    for (int i = 0; i < n_threads; ++i) {
        pthread_join(threads[i], NULL);
        rate += jobs[i].rate;
        kept += jobs[i].kept;
    }
    if (kept == (REAL)0) fputs("nothing was computed\n", stderr);
    printf("%.6e\n", rate);
    return 0;
}
