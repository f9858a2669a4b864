#include "session.hpp"

#include <algorithm>
#include <chrono>

namespace chainrule {

namespace {

// Fused multiply-adds that are worth waking a thread for.
constexpr double least_operations = 400e3;
constexpr index rows_of_prediction = 256;
constexpr index most_rows_of_training = 1024;

index largest_batch(const index* starts, index n_steps) {
  index most = 0;
  for (index step = 0; step < n_steps; ++step)
    most = std::max(most, starts[step + 1] - starts[step]);
  return most;
}

index team_size(double operations, index threads) {
  const double useful = std::min(operations / least_operations, 1024.0);
  return std::max(index{1}, std::min(threads, static_cast<index>(useful)));
}

index allowed(index threads) {
  return thread_limit() > 0 ? std::min(threads, index{thread_limit()}) : threads;
}

}  // namespace

template <class T>
void Session<T>::prepare_training(index batch, bool keeps_slopes, index threads) {
  const Plan& plan = owner_.plan();
  const ScratchSize size{chunk_rows<T>(plan, batch, most_rows_of_training), batch, threads, true,
                         keeps_slopes};
  if (!training_ || !training_->size().covers(size)) {
    training_.reset();  // the old memory goes before the new comes
    training_.emplace(plan, size);
  }
}

template <class T>
T* Session<T>::packed(std::size_t which, const T* given) {
  if (given == nullptr) return nullptr;
  Memory& memory = packed_[which];
  if (memory.data() == nullptr)
    memory = Memory(static_cast<std::size_t>(owner_.plan().n_packed) * sizeof(T));
  T* const to = static_cast<T*>(memory.data());
  kernels<T>().pack({&owner_.plan(), const_cast<T*>(given), to});
  return to;
}

template <class T>
Training<T> Session<T>::training_of(const Steps<T>& steps) const {
  Training<T> call{};
  call.plan = &owner_.plan();
  call.data = steps.data;
  call.rule = steps.rule;
  call.scratch = training_->scratch();
  call.step_starts = steps.step_starts;
  call.n_steps = steps.n_steps;
  call.rates = steps.rates;
  call.steps_before = steps.steps_before;
  call.after_step = steps.after_step;
  call.progress = steps.progress;
  return call;
}

template <class T>
void Session<T>::train(const Steps<T>& steps) {
  const std::lock_guard<std::mutex> lock(in_use_);
  const index batch = largest_batch(steps.step_starts, steps.n_steps);
  const double operations = owner_.operations() * static_cast<double>(batch);
  const index size = pace_.choose(operations, allowed(steps.threads));
  prepare_training(batch, steps.rule.dropout != nullptr, allowed(steps.threads));
  Training<T> call = training_of(steps);
  T* const given[3] = {steps.parameters, steps.slots[0], steps.slots[1]};
  call.state = {packed(0, given[0]), {packed(1, given[1]), packed(2, given[2])}};
  run_training(call, size);
  T* const after[3] = {call.state.parameters, call.state.slots[0], call.state.slots[1]};
  for (std::size_t k = 0; k < 3; ++k)
    if (given[k] != nullptr) kernels<T>().unpack({&owner_.plan(), given[k], after[k]});
}

template <class T>
void Session<T>::run_training(const Training<T>& call, index size) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  run_together(size, [&](Team& team, index thread) {
    Training<T> mine = call;
    const std::vector<Share> shares = owner_.shares(team.size());
    mine.team = &team;
    mine.shares = shares.data();
    kernels<T>().train(mine, thread);
  });
  const std::chrono::duration<double> took = Clock::now() - start;
  const double operations = owner_.operations() * static_cast<double>(call.progress->rows_done);
  if (operations > 0) pace_.note(size, took.count() / operations);
}

template <class T>
double Session<T>::gradient(const Steps<T>& steps, T* gradient, double total_weight) {
  const std::lock_guard<std::mutex> lock(in_use_);
  const index m = steps.step_starts[1] - steps.step_starts[0];
  const index size =
      team_size(owner_.operations() * static_cast<double>(m), allowed(steps.threads));
  prepare_training(m, steps.rule.dropout != nullptr, size);
  Training<T> call = training_of(steps);
  call.state = {packed(0, steps.parameters), {nullptr, nullptr}};
  call.total_weight = total_weight;
  run_together(size, [&](Team& team, index thread) {
    Training<T> mine = call;
    const std::vector<Share> shares = owner_.shares(team.size());
    mine.team = &team;
    mine.shares = shares.data();
    kernels<T>().gradient(mine, thread);
  });
  kernels<T>().unpack({&owner_.plan(), gradient, call.scratch.gradient});
  return steps.progress->loss;
}

template <class T>
void Session<T>::freeze(const T* parameters) {
  const std::lock_guard<std::mutex> lock(in_use_);
  packed(0, parameters);
  frozen_ = std::move(packed_[0]);
  packed_[0] = Memory();
}

template <class T>
void Session<T>::predict(const Data<T>& data, index m, const T* parameters, T* outputs,
                         index outputs_stride, T* sample_losses, index threads) {
  const std::lock_guard<std::mutex> lock(in_use_);
  const Plan& plan = owner_.plan();
  const index size =
      team_size(owner_.operations() / 3 * static_cast<double>(m), allowed(threads));
  const index capacity = chunk_rows<T>(plan, m, rows_of_prediction);
  const ScratchSize wanted{capacity, capacity, 1, false, false};
  if (!predictions_.empty() && !predictions_.front().size().covers(wanted)) predictions_.clear();
  while (static_cast<index>(predictions_.size()) < size) predictions_.emplace_back(plan, wanted);
  const T* const theta =
      parameters == nullptr ? static_cast<const T*>(frozen_.data()) : packed(0, parameters);
  run_together(size, [&](Team& team, index thread) {
    const index chunks = (m + capacity - 1) / capacity;
    const index first = chunks * thread / team.size() * capacity;
    const index last = std::min(m, chunks * (thread + 1) / team.size() * capacity);
    kernels<T>().predict({&plan, data, predictions_[static_cast<std::size_t>(thread)].scratch(),
                          theta, first, last, outputs, outputs_stride, sample_losses});
  });
}

template <class T>
double Session<T>::loss(const Data<T>& data, index m, const T* parameters, double l2,
                        index threads) {
  std::vector<T> losses(static_cast<std::size_t>(m)), shares(static_cast<std::size_t>(m));
  predict(data, m, parameters, nullptr, 0, losses.data(), threads);
  const std::lock_guard<std::mutex> lock(in_use_);
  return kernels<T>().loss({&owner_.plan(), packed(0, parameters), data.weights, shares.data(),
                            losses.data(), m, l2});
}

template class Session<float>;
template class Session<double>;

}  // namespace chainrule
