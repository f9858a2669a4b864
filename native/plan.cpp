#include "plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace chainrule {

namespace {

constexpr std::size_t line = 64;

// Columns rounded up so that the last panel ends with a register of 16, 32, 64 or 128 bytes.
template <class T>
index rounded_columns(index n) {
  const index rest = n % panel<T>;
  if (rest == 0) return n;
  index width = 16 / static_cast<index>(sizeof(T));
  while (width < rest) width *= 2;
  return n - rest + width;
}

// Entries of a matrix of `columns` columns in panels that are all of full width.
template <class T>
index whole_panels(index columns) {
  return (columns + panel<T> - 1) / panel<T> * panel<T>;
}

// Panels that lie a power of two apart would meet in the same few sets of a cache.
index spaced(index rows) {
  const index spacing = rows >= 512 ? rows + 32 : rows;
  return spacing % 32 == 0 ? spacing + 16 : spacing;
}

// Whether rows of X are read where they lie. To gather them first pays off only if they are then
// read for many panels of outputs; and what one thread has gathered, the others wait for.
template <class T>
bool reads_in_place(const Plan& plan) {
  return plan.layers[0].n_out <= 4 * panel<T>;
}

template <class T>
index on_a_line(index count) {
  const index entries = static_cast<index>(line / sizeof(T));
  return (count + entries - 1) / entries * entries;
}

}  // namespace

index product(index a, index b) {
  index result;
  if (__builtin_mul_overflow(a, b, &result) || result > (index{1} << 46))
    throw std::length_error("the network or the data are too large for this machine's memory");
  return result;
}

index sum(index a, index b) { return product(1, a + b); }

Memory::Memory(std::size_t bytes) {
  constexpr std::size_t large_page = std::size_t{1} << 21;
  const std::size_t unit = bytes >= large_page ? large_page : line;
  const std::size_t size = (std::max(bytes, std::size_t{1}) + unit - 1) / unit * unit;
  void* const memory = std::aligned_alloc(unit, size);
  if (memory == nullptr) throw std::bad_alloc();
#if defined(__linux__)
  if (unit == large_page) madvise(memory, size, MADV_HUGEPAGE);  // fewer addresses to translate
#endif
  std::memset(memory, 0, size);
  data_.reset(memory);
}

void Memory::Free::operator()(void* pointer) const { std::free(pointer); }

template <class T>
PlanOwner<T>::PlanOwner(const Description& given) {
  if (given.sizes.size() < 2 || given.hidden.size() != given.sizes.size() - 2)
    throw std::invalid_argument("a network needs two sizes and a function for each hidden layer");
  for (const index size : given.sizes)
    if (size < 1) throw std::invalid_argument("a layer size must be at least 1");
  for (std::size_t l = 0; l + 1 < given.sizes.size(); ++l) {
    const bool is_last = l + 2 == given.sizes.size();
    Layer layer{};
    layer.n_in = given.sizes[l];
    layer.n_out = given.sizes[l + 1];
    layer.width_in = rounded_columns<T>(layer.n_in);
    layer.width_out = rounded_columns<T>(layer.n_out);
    layer.activation = is_last ? Activation::identity : given.hidden[l];
    layer.is_last = is_last;
    layer.weights = plan_.n_packed;
    layer.bias = on_a_line<T>(sum(layer.weights, product(layer.n_in, layer.width_out)));
    plan_.n_packed = on_a_line<T>(sum(layer.bias, layer.width_out));
    layer.transposed = plan_.n_transposed;
    if (l > 0)
      plan_.n_transposed =
          on_a_line<T>(sum(plan_.n_transposed, product(layer.n_out, layer.width_in)));
    layer.given_weights = n_parameters_;
    layer.given_bias = sum(n_parameters_, product(layer.n_in, layer.n_out));
    n_parameters_ = sum(layer.given_bias, given.bias ? layer.n_out : 0);
    plan_.n_tiles += (whole_panels<T>(layer.n_in) / panel<T>) *
                     (whole_panels<T>(layer.n_out) / panel<T>);
    layers_.push_back(layer);
  }
  plan_.layers = layers_.data();
  plan_.n_layers = static_cast<index>(layers_.size());
  plan_.output = given.output;
  plan_.loss = given.loss;
  plan_.loss_parameter = given.loss_parameter;
  plan_.has_bias = given.bias;
  plan_.clips = given.clips;
}

template <class T>
double PlanOwner<T>::operations() const {
  double all = 0;
  for (const Layer& layer : layers_)
    all += (&layer == layers_.data() ? 2.0 : 3.0) * static_cast<double>(layer.n_in) *
           static_cast<double>(layer.width_out);
  return all;
}

template <class T>
std::vector<Share> PlanOwner<T>::shares(index threads) const {
  std::vector<double> cost;  // of each tile
  for (const Layer& layer : layers_)
    for (index u = 0; u < layer.n_out; u += panel<T>)
      for (index i = 0; i < layer.n_in; i += panel<T>)
        cost.push_back(static_cast<double>(std::min(panel<T>, layer.n_in - i)) *
                       static_cast<double>(std::min(panel<T>, layer.width_out - u)));
  double all = 0;
  for (const double one : cost) all += one;
  std::vector<Share> shares;
  index tile = 0;
  double done = 0;
  for (index thread = 1; thread <= threads; ++thread) {
    const index first = tile;
    const double until = all * static_cast<double>(thread) / static_cast<double>(threads);
    while (tile < plan_.n_tiles && (thread == threads ||
                                    done + cost[static_cast<std::size_t>(tile)] / 2 < until))
      done += cost[static_cast<std::size_t>(tile++)];
    shares.push_back({first, tile});
  }
  return shares;
}

template <class T>
ScratchOwner<T>::ScratchOwner(const Plan& plan, const ScratchSize& size) : size_(size) {
  const auto hidden = static_cast<std::size_t>(plan.n_layers);
  Y_.resize(hidden + 1);
  slopes_.resize(hidden);
  deltas_.resize(hidden + 1);
  stage_.resize(static_cast<std::size_t>(size.threads));
  scratch_.spacing = spaced(size.capacity);
  if (reads_in_place<T>(plan)) {
    memory_.emplace_back(static_cast<std::size_t>(size.capacity) * sizeof(const T*));
    scratch_.rows = static_cast<const T**>(memory_.back().data());
  } else {
    Y_[0] = take(product(scratch_.spacing, whole_panels<T>(plan.layers[0].n_in)));
  }
  for (std::size_t l = 0; l < hidden; ++l) {
    const Layer& layer = plan.layers[l];
    const index entries = product(scratch_.spacing, whole_panels<T>(layer.n_out));
    Y_[l + 1] = take(entries);
    if (!size.trains) continue;
    deltas_[l + 1] = layer.is_last ? Y_[l + 1] : take(entries);
    if (!layer.is_last && (size.keeps_slopes || needs_slopes(layer.activation)))
      slopes_[l] = take(entries);
  }
  // the five arrays of output_stage.hpp, each as long as whole groups of 16 outputs
  for (T*& stage : stage_) stage = take(product(5 * 16, (plan.last().n_out + 15) / 16 * 16));
  scratch_.capacity = size.capacity;
  scratch_.Y = Y_.data();
  scratch_.slopes = slopes_.data();
  scratch_.deltas = deltas_.data();
  scratch_.stage = stage_.data();
  scratch_.sample_losses = take(sum(size.batch, 16));
  scratch_.shares = take(sum(size.batch, 16));
  if (!size.trains) return;
  scratch_.transposed = take(plan.n_transposed);
  scratch_.gradient = take(plan.n_packed);
  memory_.emplace_back(static_cast<std::size_t>(3 * plan.n_tiles) * sizeof(double));
  scratch_.square_sums = static_cast<double*>(memory_.back().data());
}

template <class T>
T* ScratchOwner<T>::take(index count) {
  const index bytes = product(count, static_cast<index>(sizeof(T)));
  memory_.emplace_back(static_cast<std::size_t>(bytes));
  return static_cast<T*>(memory_.back().data());
}

template <class T>
index chunk_rows(const Plan& plan, index batch, index most) {
  index columns = 0;
  for (index l = 0; l < plan.n_layers; ++l)
    columns += plan.layers[l].width_in + plan.layers[l].width_out;
  constexpr index moderate = 24 * 1024 * 1024;
  const index rows = std::clamp(moderate / product(columns, static_cast<index>(sizeof(T))),
                                index{64}, most);
  return (std::min(std::max(batch, index{1}), rows) + 15) / 16 * 16;
}

template class PlanOwner<float>;
template class PlanOwner<double>;
template class ScratchOwner<float>;
template class ScratchOwner<double>;
template index chunk_rows<float>(const Plan&, index, index);
template index chunk_rows<double>(const Plan&, index, index);

}  // namespace chainrule
