#include "pool.hpp"

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif
#if defined(__linux__)
#include <sched.h>
#endif

namespace chainrule {

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

namespace {

// How often a thread looks before it lets others run, and before it goes to sleep: some
// microseconds, and some tenths of a millisecond.
constexpr int turns_alone = 1000;
constexpr int turns_awake = 10000;

void pause_at(int turn) {
  if (turn < turns_alone) relax();
  else std::this_thread::yield();
}

}  // namespace

void Team::wait_for_others(std::uint32_t round) {
  for (int turn = 0; round_.load(std::memory_order_acquire) == round; ++turn) pause_at(turn);
}

namespace {

using Part = std::function<void(Team&, index)>;

int current_core() {
#if defined(__linux__)
  return sched_getcpu();
#else
  return -1;
#endif
}

// Linux likes to wake a thread on the core of the one that wakes it, where the two would then spin
// in turns. One that finds itself there asks to be put elsewhere, and is free again at once.
void leave_core(int core) {
#if defined(__linux__)
  if (core < 0 || core >= CPU_SETSIZE || sched_getcpu() != core) return;
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2) return;
  cpu_set_t others = allowed;
  CPU_CLR(core, &others);
  if (sched_setaffinity(0, sizeof others, &others) == 0)
    sched_setaffinity(0, sizeof allowed, &allowed);
#else
  static_cast<void>(core);
#endif
}

class Pool {
 public:
  // False where the pool is at work, for another thread or for a call further up in this one, or
  // where the system gives no more threads.
  bool run(index size, const Part& part) {
    if (busy_.exchange(true, std::memory_order_acquire)) return false;
    const bool is_large_enough = grow(size - 1);
    if (is_large_enough) work_together(size, part);
    busy_.store(false, std::memory_order_release);
    return is_large_enough;
  }

 private:
  void work_together(index size, const Part& part) {
    Team team(size);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      task_ = {&team, &part, size, current_core()};
      working_.store(size - 1, std::memory_order_relaxed);
      call_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    part(team, 0);
    for (int turn = 0; working_.load(std::memory_order_acquire) > 0; ++turn) pause_at(turn);
  }

  struct Task {
    Team* team;
    const Part* part;
    index size;
    int core;  // of the calling thread
  };

  bool grow(index count) {
    try {
      for (; n_workers_ < count; ++n_workers_) {
        const index thread = n_workers_ + 1;
        const std::uint64_t seen = call_.load(std::memory_order_relaxed);
        // detached: they sleep when the process ends, and nobody has to wait for them
        std::thread([this, thread, seen] { work(thread, seen); }).detach();
      }
    } catch (const std::system_error&) {
      return false;
    }
    return true;
  }

  [[noreturn]] void work(index thread, std::uint64_t seen) {
    for (;;) {
      const Task task = next_task(seen);
      if (thread >= task.size) continue;
      leave_core(task.core);
      (*task.part)(*task.team, thread);
      working_.fetch_sub(1, std::memory_order_release);
    }
  }

  // A call with this thread in it cannot end without it; others may have been and gone.
  Task next_task(std::uint64_t& seen) {
    wait_for_call(seen);
    const std::lock_guard<std::mutex> lock(mutex_);
    seen = call_.load(std::memory_order_relaxed);
    return task_;
  }

  // Awake for a while, in case the next epoch follows at once; then asleep.
  void wait_for_call(std::uint64_t seen) {
    for (int turn = 0; turn < turns_awake; ++turn) {
      if (call_.load(std::memory_order_acquire) != seen) return;
      relax();
    }
    std::unique_lock<std::mutex> lock(mutex_);
    wake_.wait(lock, [&] { return call_.load(std::memory_order_acquire) != seen; });
  }

  std::atomic<bool> busy_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  Task task_{};
  std::atomic<std::uint64_t> call_{0};
  std::atomic<index> working_{0};
  index n_workers_ = 0;
};

std::atomic<int> limit{0};

// Never destroyed: a process may end while a thread of the pool sleeps in it. After a fork the
// child has none of the threads, so it takes a new pool.
std::atomic<Pool*> pool{nullptr};

Pool& the_pool() {
  static const bool registered = [] {
#if defined(__unix__) || defined(__APPLE__)
    pthread_atfork(nullptr, nullptr, [] { pool.store(nullptr); });
#endif
    return true;
  }();
  static_cast<void>(registered);
  Pool* current = pool.load();
  if (current == nullptr) {
    Pool* const fresh = new Pool;
    if (pool.compare_exchange_strong(current, fresh)) return *fresh;
    delete fresh;
  }
  return *current;
}

}  // namespace

void run_together(index size, const Part& part) {
  if (limit.load() > 0 && size > limit.load()) size = limit.load();
  if (size > 1 && the_pool().run(size, part)) return;
  Team alone(1);
  part(alone, 0);
}

int thread_limit() { return limit.load(); }

void set_thread_limit(int value) { limit.store(value); }

}  // namespace chainrule
