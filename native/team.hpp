// Threads that go through the same steps side by side and wait for one another.
#pragma once

#include <atomic>
#include <cstdint>

namespace chainrule {

// Wait a little, for a thread that spins.
void relax();

// The meeting point of `size` threads. It spins: the pauses between meetings are microseconds.
// After a while it lets other processes run, for machines with less cores than threads.
class Team {
 public:
  explicit Team(std::int64_t size) : size_(size) {}

  std::int64_t size() const { return size_; }

  // Return when all threads have called it. What each wrote before, all see after.
  void meet() {
    if (size_ == 1) return;
    const std::uint32_t round = round_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == size_) {
      arrived_.store(0, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);
      return;
    }
    wait_for_others(round);
  }

  // Set by one thread before it comes to meet; seen by all after that.
  bool must_stop() const { return must_stop_; }
  void stop() { must_stop_ = true; }

 private:
  void wait_for_others(std::uint32_t round);

  const std::int64_t size_;
  bool must_stop_ = false;
  alignas(64) std::atomic<std::int64_t> arrived_{0};
  alignas(64) std::atomic<std::uint32_t> round_{0};
};

}  // namespace chainrule
