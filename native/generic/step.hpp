// The steps of an epoch, as every thread of a team goes through them:
//
//   1. its rows of the batch forward and back                       (way.hpp)
//      -- meet: all Delta are there --
//   2. the loss, which every thread sums for itself
//   3. its tiles of the weights: gradient, penalty, solver
//      -- meet: all weights are there --
//
// A batch of more rows than the scratch memory holds comes in chunks, whose gradients go on adding
// to one another in the memory of `gradient`; so do those of sparse inputs and those that are to be
// clipped by their norm. Otherwise a gradient never leaves the cache.
#pragma once

#include "../team.hpp"
#include "tiles.hpp"
#include "turned.hpp"
#include "way.hpp"

namespace chainrule::CHAINRULE_ISA {

template <class T>
class Trainer {
 public:
  Trainer(const Training<T>& call, index thread)
      : call_(call), plan_(*call.plan), scratch_(call.scratch), thread_(thread) {}

  void train() {
    prepare();
    for (index step = 0; step < call_.n_steps; ++step)
      if (!do_step(step)) return;
  }

  // The gradient of one batch, left in scratch.gradient, the penalty's included.
  void gradient() {
    prepare();
    begin_batch(0);
    if (!weigh()) return;
    go_through(0, true);
    note(loss(0));
    add_decay();
  }

 private:
  const Training<T>& call_;
  const Plan& plan_;
  const Scratch<T>& scratch_;
  const index thread_;
  index place_ = 0, m_ = 0;  // the batch
  double total_weight_ = 0;

  Share share() const { return call_.shares[thread_]; }

  double* square_sums_of(index step) const {
    return scratch_.square_sums + (step % 2) * plan_.n_tiles;
  }

  // What goes with the parameters: W for the way back, and the squares of the penalty.
  void prepare() {
    for_tiles<T>(plan_, share(), [&](const Tile& tile) { follow(tile); });
    if (call_.rule.l2 != 0)
      square_sums<T>(plan_, share(), call_.state.parameters, square_sums_of(0));
    call_.team->meet();
  }

  void follow(const Tile& tile) {
    if (tile.layer > 0)
      transpose_weights<T>(plan_.layers[tile.layer], call_.state.parameters, scratch_.transposed,
                           tile.i, tile.n, tile.u, tile.width);
  }

  bool do_step(index step) {
    begin_batch(step);
    if (!weigh()) return false;
    const bool buffered = call_.rule.clipping == Clipping::norm || m_ > scratch_.capacity ||
                          call_.data.values != nullptr;
    go_through(step, buffered);
    const double batch_loss = loss(step);
    if (thread_ == 0) note(batch_loss);
    if (!__builtin_isfinite(batch_loss) && call_.rule.stop_on_divergence) return false;
    if (buffered) update_from_buffer(step);
    else descend(step);
    if (thread_ == 0) after_step();
    call_.team->meet();
    return !call_.team->must_stop();
  }

  void begin_batch(index step) {
    place_ = call_.step_starts[step];
    m_ = call_.step_starts[step + 1] - place_;
  }

  // w_j / sum w, or 1/m; false where a penalty by weight has no weight to divide by.
  bool weigh() {
    const Data<T>& data = call_.data;
    total_weight_ = static_cast<double>(m_);
    if (data.weights != nullptr) {
      total_weight_ = 0;
      for (index j = 0; j < m_; ++j)
        total_weight_ += static_cast<double>(data.weights[row_of(data, place_ + j)]);
    }
    if (call_.rule.l2_per_weight && !(total_weight_ > 0)) {
      if (thread_ == 0) call_.progress->weightless_step = call_.progress->steps_done;
      return false;
    }
    const double total = call_.total_weight > 0 ? call_.total_weight : total_weight_;
    for (index first = 0; first < m_; first += scratch_.capacity) {
      const Rows rows = rows_of_chunk(first);
      for (index j = first + rows.first; j < first + rows.last; ++j)
        scratch_.shares[j] =
            data.weights == nullptr
                ? static_cast<T>(1 / total)
                : static_cast<T>(data.weights[row_of(data, place_ + j)] / static_cast<T>(total));
    }
    return true;
  }

  Rows rows_of_chunk(index first) const {
    return rows_of_thread(least(scratch_.capacity, m_ - first), thread_, call_.team->size());
  }

  // All chunks forward and back; with `buffered`, their gradients into scratch.gradient.
  void go_through(index step, bool buffered) {
    for (index first = 0; first < m_; first += scratch_.capacity) {
      if (first > 0) call_.team->meet();  // before the memory of the last chunk is used again
      const Chunk<T> chunk{&plan_, &call_.data, &scratch_, call_.state.parameters,
                           place_ + first, first, least(scratch_.capacity, m_ - first)};
      const Rows rows = rows_of_chunk(first);
      way_forward<T>(chunk, rows, &call_.rule, call_.steps_before + step);
      way_back<T>(chunk, rows, scratch_.stage[thread_]);
      call_.team->meet();
      if (buffered) collect(chunk);
    }
  }

  double l2() const {
    return call_.rule.l2_per_weight ? call_.rule.l2 / total_weight_ : call_.rule.l2;
  }

  // E = sum w_j l_j / sum w + lambda/2 sum w^2
  double loss(index step) const {
    const double mean = weighted_mean<T>(scratch_.shares, scratch_.sample_losses, m_);
    if (call_.rule.l2 == 0) return mean;
    double squares = 0;
    for (index tile = 0; tile < plan_.n_tiles; ++tile) squares += square_sums_of(step)[tile];
    return mean + l2() / 2 * squares;
  }

  void note(double batch_loss) {
    if (thread_ != 0) return;
    Progress& progress = *call_.progress;
    progress.steps_done += 1;
    progress.rows_done += m_;
    progress.loss = batch_loss;
    progress.total += batch_loss * static_cast<double>(m_);
    if (__builtin_isfinite(batch_loss)) {
      progress.last_finite_loss = batch_loss;
      progress.has_finite_loss = true;
    } else if (progress.diverged_at < 0) {
      progress.diverged_at = progress.steps_done;
      progress.finite_before = progress.last_finite_loss;
      progress.has_finite_before = progress.has_finite_loss;
    }
  }

  void after_step() {
    if (call_.after_step.ask == nullptr) return;
    if (!call_.after_step.ask(call_.after_step.context, call_.progress->steps_done)) return;
    call_.progress->stopped = true;
    call_.team->stop();
  }

  StepNumbers<T> numbers(index step) const {
    const Rule& rule = call_.rule;
    const double rate = call_.rates[step];
    const double t = static_cast<double>(call_.steps_before + step + 1);
    const double corrected = rule.solver == Solver::adam
                                 ? rate * __builtin_sqrt(1 - __builtin_pow(rule.beta_2, t)) /
                                       (1 - __builtin_pow(rule.beta_1, t))
                                 : 0;
    return {rule.solver, static_cast<T>(l2()), T(1), static_cast<T>(rule.bound),
            rule.clipping == Clipping::value, static_cast<T>(rate),
            static_cast<T>(rule.momentum), static_cast<T>(rule.beta_1),
            static_cast<T>(1 - rule.beta_1), static_cast<T>(rule.beta_2),
            static_cast<T>(1 - rule.beta_2), static_cast<T>(rule.epsilon),
            static_cast<T>(corrected), static_cast<T>(rate * rule.weight_decay)};
  }

  // The same for biases, which are not decayed.
  static StepNumbers<T> without_decay(StepNumbers<T> step) {
    step.l2 = step.decay = 0;
    return step;
  }

  Block<T> block_at(index at, const T* g, index rows, index width) const {
    T* const* slots = call_.state.slots;
    T* const second = slots[1] == nullptr ? slots[0] : slots[1];
    return {call_.state.parameters + at, slots[0] + at, second + at, g, rows, width, nullptr};
  }

  void update_bias(const StepNumbers<T>& step, const Tile& tile, const T* g) {
    const index at = plan_.layers[tile.layer].bias + tile.u;
    update<T>(without_decay(step), block_at(at, g, 1, tile.width));
  }

  Inputs<T> inputs_of(const Tile& tile) const {
    return {scratch_.Y[tile.layer], tile.layer == 0 ? scratch_.rows : nullptr};
  }
  const T* delta_of(const Tile& tile) const { return scratch_.deltas[tile.layer + 1]; }

  // Gradient and solver a few rows of a tile at a time.
  void descend(index step) {
    const StepNumbers<T> now = numbers(step);
    double* const squares = call_.rule.l2 == 0 ? nullptr : square_sums_of(step + 1);
    for_tiles<T>(plan_, share(), [&](const Tile& tile) {
      fetch_inputs(step + 1, tile);
      alignas(64) T sums[panel<T>] = {};
      descend_tile(now, tile, squares == nullptr ? nullptr : sums);
      if (squares != nullptr) squares[tile.number] = tree_sum(sums);
      follow(tile);
      if (tile.i > 0 || !plan_.has_bias) return;
      alignas(64) T g[panel<T>] = {};
      column_sums<T>(delta_of(tile) + tile.u * scratch_.spacing, m_, tile.width, g);
      update_bias(now, tile, g);
    });
  }

  // Whether to compute the gradient of a tile as that of its transpose.
  bool is_turned(const Tile& tile) const {
    const bool is_in_rows = inputs_of(tile).rows != nullptr;
    return tile.width <= panel<T> / 2 && (tile.n == panel<T> || !is_in_rows);
  }

  void descend_turned(const StepNumbers<T>& now, const Tile& tile, T* squares) {
    alignas(64) T G[panel<T> * panel<T> / 2];
    Block<T> block = block_at(weights_of(plan_, tile), G, tile.n, tile.width);
    fetch(block);
    const index outputs = least(tile.width, plan_.layers[tile.layer].n_out - tile.u);
    gradient_turned<T>(inputs_of(tile), delta_of(tile) + tile.u * scratch_.spacing,
                       scratch_.spacing, m_, tile.i, tile.n, outputs, tile.width, G);
    block.squares = squares;
    update<T>(now, block);
  }

  void descend_tile(const StepNumbers<T>& now, const Tile& tile, T* squares) {
    if (is_turned(tile)) return descend_turned(now, tile, squares);
    with_width<T>(tile.width, [&]<int Bytes>() {
      in_blocks(tile.i, tile.i + tile.n, Cover<Bytes>::max_rows, [&](index i, index n) {
        alignas(64) T G[Cover<Bytes>::max_rows * panel<T>];
        const index at = weights_of(plan_, tile) + (i - tile.i) * tile.width;
        Block<T> block = block_at(at, G, n, tile.width);
        fetch(block);
        gradient_rows<Bytes, T>(inputs_of(tile), delta_of(tile), scratch_.spacing, m_, i, n,
                                tile.u, G, zeros<T>, 0);
        block.squares = squares;
        update<T>(now, block);
      });
    });
  }

  // Some of this thread's rows of the next step, while a tile is computed: all of them, once all
  // tiles are.
  void fetch_inputs(index step, const Tile& tile) const {
    if (step >= call_.n_steps || call_.data.X == nullptr) return;
    const index place = call_.step_starts[step], m = call_.step_starts[step + 1] - place;
    const Rows rows = rows_of_thread(m, thread_, call_.team->size());
    const index tiles = share().last_tile - share().first_tile, k = tile.number - share().first_tile;
    const index n = rows.last - rows.first;
    for (index j = rows.first + n * k / tiles; j < rows.first + n * (k + 1) / tiles; ++j)
      fetch_to_read(call_.data.X + row_of(call_.data, place + j) * call_.data.X_stride,
                    plan_.layers[0].n_in);
  }

  // What the solver will change, while the gradient is computed.
  static void fetch(const Block<T>& block) {
    const index count = block.rows * block.width;
    fetch_to_change(block.theta, count);
    fetch_to_change(block.slot_0, count);
    if (block.slot_1 != block.slot_0) fetch_to_change(block.slot_1, count);
  }

  // The gradient of a chunk on top of those before it.
  void collect(const Chunk<T>& chunk) {
    const bool is_sparse = call_.data.values != nullptr;
    for_tiles<T>(plan_, share(), [&](const Tile& tile) {
      T* const G = scratch_.gradient + weights_of(plan_, tile);
      T* const g = scratch_.gradient + plan_.layers[tile.layer].bias + tile.u;
      if (chunk.first == 0) {
        clear(G, tile.n * tile.width);
        if (tile.i == 0) clear(g, tile.width);
      }
      if (tile.i == 0 && plan_.has_bias)
        column_sums<T>(delta_of(tile) + tile.u * scratch_.spacing, chunk.m, tile.width, g);
      if (tile.layer > 0 || !is_sparse) collect_tile(chunk, tile, G);
    });
    if (is_sparse) collect_sparse(chunk);
  }

  static void clear(T* numbers, index count) {
    __builtin_memset(numbers, 0, static_cast<std::size_t>(count) * sizeof(T));
  }

  void collect_tile(const Chunk<T>& chunk, const Tile& tile, T* G) {
    with_width<T>(tile.width, [&]<int Bytes>() {
      in_blocks(tile.i, tile.i + tile.n, Cover<Bytes>::max_rows, [&](index i, index n) {
        T* const rows = G + (i - tile.i) * tile.width;
        gradient_rows<Bytes, T>(inputs_of(tile), delta_of(tile), scratch_.spacing, chunk.m, i, n,
                                tile.u, rows, rows, tile.width);
      });
    });
  }

  // Layer 1 of sparse inputs: neighbouring tiles at once, so that the rows are read but once.
  void collect_sparse(const Chunk<T>& chunk) {
    Tile run{};
    const auto flush = [&] {
      if (run.n > 0)
        gradient_sparse<T>(plan_.layers[0], call_.data, chunk.place, chunk.m, scratch_.deltas[1],
                           scratch_.spacing, run.u, run.i, run.i + run.n, scratch_.gradient);
      run = {};
    };
    for_tiles<T>(plan_, share(), [&](const Tile& tile) {
      if (tile.layer > 0) return;
      if (run.n > 0 && tile.u == run.u) {
        run.n += tile.n;
        return;
      }
      flush();
      run = tile;
    });
    flush();
  }

  void add_decay() {
    const T lambda = static_cast<T>(l2());
    for_tiles<T>(plan_, share(), [&](const Tile& tile) {
      T* const G = scratch_.gradient + weights_of(plan_, tile);
      const T* const W = call_.state.parameters + weights_of(plan_, tile);
      for_each_vector<T>(tile.n, tile.width, tile.width, [&]<class V>(index at) {
        store<V>(G + at, fma<V>(broadcast<V>(lambda), load<V>(W + at), load<V>(G + at)));
      });
    });
    call_.team->meet();
  }

  void update_from_buffer(index step) {
    StepNumbers<T> now = numbers(step);
    if (call_.rule.clipping == Clipping::norm) {
      add_decay();
      now.l2 = 0;
      now.clip_factor = clip_factor();
    }
    double* const squares = call_.rule.l2 == 0 ? nullptr : square_sums_of(step + 1);
    for_tiles<T>(plan_, share(), [&](const Tile& tile) {
      const index at = weights_of(plan_, tile);
      update<T>(now, block_at(at, scratch_.gradient + at, tile.n, tile.width));
      if (squares != nullptr)
        squares[tile.number] = square_sum(call_.state.parameters + at, tile.n, tile.width);
      follow(tile);
      if (tile.i == 0 && plan_.has_bias)
        update_bias(now, tile, scratch_.gradient + plan_.layers[tile.layer].bias + tile.u);
    });
  }

  // min(1, c/|g|)
  T clip_factor() const {
    const double norm = gradient_norm();
    return call_.rule.bound < norm && __builtin_isfinite(norm)
               ? static_cast<T>(call_.rule.bound / norm) : T(1);
  }

  // |g|, a part by each thread.
  double gradient_norm() const {
    double* const parts = scratch_.square_sums + 2 * plan_.n_tiles;
    for_tiles<T>(plan_, share(), [&](const Tile& tile) {
      const T* const G = scratch_.gradient + weights_of(plan_, tile);
      const T* const g = scratch_.gradient + plan_.layers[tile.layer].bias + tile.u;
      parts[tile.number] = sum_of_squares(G, tile.n * tile.width) +
                           (tile.i == 0 ? sum_of_squares(g, tile.width) : 0);
    });
    call_.team->meet();
    double sum = 0;
    for (index tile = 0; tile < plan_.n_tiles; ++tile) sum += parts[tile];
    const bool is_moderate = sum > 1e-280 && sum < 1e280;
    return is_moderate ? __builtin_sqrt(sum) : norm_of_extremes();
  }

  // |g| by way of the largest entry, where squares may leave the range of numbers.
  double norm_of_extremes() const {
    const double largest = over_gradient(0, [](double so_far, double g) {
      const double size = g < 0 ? -g : g;
      return size > so_far || size != size ? size : so_far;
    });
    if (largest == 0 || !__builtin_isfinite(largest)) return largest;
    const double sum = over_gradient(0, [&](double so_far, double g) {
      return so_far + (g / largest) * (g / largest);
    });
    return largest * __builtin_sqrt(sum);
  }

  // Fold the whole gradient in the order of the packed parameters; every thread does it for itself.
  template <class Fold>
  double over_gradient(double start, Fold&& fold) const {
    for (index at = 0; at < plan_.n_packed; ++at)
      start = fold(start, static_cast<double>(scratch_.gradient[at]));
    return start;
  }
};

}  // namespace chainrule::CHAINRULE_ISA
