// A network's plan with its memory, and the calls that Python makes: training, gradient, loss and
// outputs. One call at a time; a second thread waits.
#pragma once

#include <mutex>
#include <optional>

#include "dispatch.hpp"
#include "pace.hpp"
#include "plan.hpp"
#include "pool.hpp"

namespace chainrule {

// The steps of one call; see Training in network.hpp.
template <class T>
struct Steps {
  Data<T> data;
  Rule rule;
  T* parameters;
  T* slots[2];
  const index* step_starts;
  index n_steps;
  const double* rates;
  index steps_before;
  index threads;  // at most
  AfterStep after_step;
  Progress* progress;
};

template <class T>
class Session {
 public:
  explicit Session(const Description& description) : owner_(description) {}

  const PlanOwner<T>& owner() const { return owner_; }

  void train(const Steps<T>& steps);

  // The loss of rows [0, m) and its gradient. `total_weight` replaces that of these rows where
  // they are a part of the data.
  double gradient(const Steps<T>& steps, T* gradient, double total_weight);

  // Keep parameters for `predict`, packed once.
  void freeze(const T* parameters);
  bool is_frozen() const { return frozen_.data() != nullptr; }

  // Y(L) of rows [0, m), and the loss of each sample; either may be null. Without parameters, by
  // the frozen ones.
  void predict(const Data<T>& data, index m, const T* parameters, T* outputs,
               index outputs_stride, T* sample_losses, index threads);

  double loss(const Data<T>& data, index m, const T* parameters, double l2, index threads);

 private:
  void run_training(const Training<T>& call, index size);
  void prepare_training(index batch, bool keeps_slopes, index threads);
  Training<T> training_of(const Steps<T>& steps) const;
  T* packed(std::size_t which, const T* given);

  PlanOwner<T> owner_;
  std::mutex in_use_;
  Pace pace_;
  std::optional<ScratchOwner<T>> training_;
  std::vector<ScratchOwner<T>> predictions_;  // one a thread
  Memory packed_[3];                          // the parameters and two slots
  Memory frozen_;
};

}  // namespace chainrule
