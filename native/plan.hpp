// What owns the memory behind network.hpp: the plan of a network and scratch memory for it.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "network.hpp"

namespace chainrule {

// Zeroed memory on a cache line's boundary.
class Memory {
 public:
  Memory() = default;
  explicit Memory(std::size_t bytes);
  void* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(void* pointer) const;
  };
  std::unique_ptr<void, Free> data_;
};

// A network as Python describes it.
struct Description {
  std::vector<index> sizes;  // n_0 ... n_L
  std::vector<Activation> hidden;
  Output output;
  Loss loss;
  double loss_parameter;
  bool bias, clips;
};

// a b and a + b; std::length_error where they are no memory sizes any more.
index product(index a, index b);
index sum(index a, index b);

template <class T>
class PlanOwner {
 public:
  // Throws std::invalid_argument for sizes below 1, std::length_error where they are too large.
  explicit PlanOwner(const Description& description);

  const Plan& plan() const { return plan_; }
  index n_parameters() const { return n_parameters_; }
  index n_inputs() const { return layers_.front().n_in; }
  index n_outputs() const { return layers_.back().n_out; }
  // Fused multiply-adds of one sample, forward and back.
  double operations() const;
  // The tiles of each of `threads` threads, about as many operations each.
  std::vector<Share> shares(index threads) const;

 private:
  std::vector<Layer> layers_;
  Plan plan_{};
  index n_parameters_ = 0;
};

// Scratch memory, and how large it is.
struct ScratchSize {
  index capacity;  // rows of a chunk
  index batch;     // rows of a batch, for what there is one number a sample
  index threads;
  bool trains;     // else it is for prediction alone
  bool keeps_slopes;  // of all hidden layers, for dropout

  bool covers(const ScratchSize& other) const {
    return capacity == other.capacity && batch >= other.batch && threads >= other.threads &&
           trains == other.trains && (keeps_slopes || !other.keeps_slopes);
  }
};

template <class T>
class ScratchOwner {
 public:
  ScratchOwner(const Plan& plan, const ScratchSize& size);

  const Scratch<T>& scratch() const { return scratch_; }
  const ScratchSize& size() const { return size_; }

 private:
  T* take(index count);

  ScratchSize size_;
  Scratch<T> scratch_{};
  std::vector<Memory> memory_;
  std::vector<T*> Y_, slopes_, deltas_, stage_;
};

// Rows of a chunk for batches of `batch` rows: all of them where the memory is moderate.
template <class T>
index chunk_rows(const Plan& plan, index batch, index most);

}  // namespace chainrule
