// The network, the data and the training as the kernels see them: plain numbers and pointers.
//
// Nothing here owns memory or depends on the instruction set; plan.hpp makes it, generic/ uses it.
// Letters are those of docs/notation.md: m samples, layer l with n_in inputs and n_out neurons.
#pragma once

#include <cstdint>

#include "samples.hpp"

namespace chainrule {

enum class Activation : int {
  identity, logistic, tanh, relu, leaky_relu, elu, selu, gelu, silu, mish, softplus
};
// Whether f'(z) cannot be had from y alone, so that it is kept from the way forward.
constexpr bool needs_slopes(Activation name) {
  return name == Activation::gelu || name == Activation::silu || name == Activation::mish;
}

enum class Output : int { softmax, logistic, identity, exponential };
enum class Loss : int {
  cross_entropy, binary_cross_entropy, squared_error, poisson, absolute_error, huber, pinball
};

// Matrices lie in panels: a panel holds 128 bytes of every row, row after row, so that whatever
// walks down the rows of a panel reads memory in order and in whole cache lines.
inline constexpr index panel_bytes = 128;
template <class T>
inline constexpr index panel = panel_bytes / static_cast<index>(sizeof(T));

// One layer: Z = Y_in W^T + 1 b^T, Y = f(Z). Offsets count entries in the packed parameters.
struct Layer {
  index n_in, n_out;
  index width_in, width_out;  // rounded up to the narrowest register that holds the last columns
  index weights;              // W^T in panels of outputs: entry (i, u), i = 0 ... n_in - 1
  index bias;                 // b, width_out entries
  index transposed;           // W in panels of inputs, in its own store; only from layer 2 on
  index given_weights, given_bias;  // in the vector that Python sees
  Activation activation;
  bool is_last;
};

// The plan of a network: made once, never changed, shared by all threads.
struct Plan {
  const Layer* layers;
  index n_layers;
  index n_packed;      // entries of the packed parameters
  index n_transposed;  // entries of the store of transposed weights
  index n_tiles;       // squares of panel x panel weights, of all layers
  Output output;
  Loss loss;
  double loss_parameter;  // delta of huber, quantile of pinball
  bool has_bias;
  bool clips;             // log losses of probabilities clipped at the machine epsilon

  const Layer& last() const { return layers[n_layers - 1]; }
};

// The samples: rows of X and T, dense or CSR, and their weights.
template <class T>
struct Data {
  const T* X;        // dense, or null
  index X_stride;
  const T* values;   // CSR, or null
  const std::int32_t* columns;
  const index* row_starts;
  Targets targets;   // without data for prediction
  Weights<T> weights;
  Order rows;
};

enum class Solver : int { gradient_descent, nesterov, adam };
enum class Clipping : int { none, norm, value };

// What the steps of an epoch have in common.
struct Rule {
  Solver solver;
  double momentum, beta_1, beta_2, epsilon, weight_decay;
  double l2;
  bool l2_per_weight;  // divided by the total weight of the batch
  Clipping clipping;
  double bound;
  bool stop_on_divergence;
  const double* dropout;  // a rate for each hidden layer, or null
  std::uint64_t dropout_seed;
};

// Scratch memory of one training; see plan.hpp for the shapes.
template <class T>
struct Scratch {
  index capacity;       // rows of a chunk, a multiple of 16
  index spacing;        // rows between panels, a few more, so that they share no cache sets
  const T** rows;       // of X in the chunk, where they are read in place; else null
  T* const* Y;          // Y[0] else the gathered inputs, Y[l] of layer l, in panels
  T* const* slopes;     // slopes[l-1] of layer l: M o f'(Z) where Y does not give it; else null
  T* const* deltas;     // deltas[l] of layer l; that of the last layer lies in Y[L]
  T* transposed;        // the weights once more, for the way back
  T* gradient;          // packed like the parameters
  T* sample_losses;     // of all rows of a batch
  T* shares;            // w_j / sum w
  double* square_sums;  // of each tile: sum of w^2 in even and odd steps, sum of g^2
  T* const* stage;      // for each thread: the output stage's own
};

// The parameters and what the solver remembers of them, packed.
template <class T>
struct Packed {
  T* parameters;
  T* slots[2];
};

// One thread's part of the weights: tiles [first_tile, last_tile) of the list of all tiles.
struct Share {
  index first_tile, last_tile;
};

class Team;

// What stands after each step; written by thread 0 alone.
struct Progress {
  index steps_done = 0;
  index rows_done = 0;
  double loss = 0;           // of the last batch
  double total = 0;          // batch losses times rows
  double last_finite_loss = 0;
  bool has_finite_loss = false;
  index diverged_at = -1;    // the step, from 1, whose loss was first not finite
  double finite_before = 0;  // the last finite loss before that
  bool has_finite_before = false;
  bool stopped = false;      // asked to, or because it diverged
  index weightless_step = -1;  // a batch without weight, where the penalty is undefined
};

// Asked after every step by thread 0; true ends the training.
struct AfterStep {
  bool (*ask)(void* context, index steps_done);
  void* context;
};

template <class T>
struct Training {
  const Plan* plan;
  Data<T> data;
  Rule rule;
  Scratch<T> scratch;
  Packed<T> state;
  const index* step_starts;  // n_steps + 1 places in data.rows
  index n_steps;
  const double* rates;
  index steps_before;        // steps of the solver before this call
  Team* team;
  const Share* shares;       // one a thread
  AfterStep after_step;
  Progress* progress;
  double total_weight;       // of a gradient over parts of the data; 0 for that of the batch
};

template <class T>
struct Prediction {
  const Plan* plan;
  Data<T> data;
  Scratch<T> scratch;  // this thread's own
  const T* parameters; // packed
  index first, last;   // rows
  T* outputs;          // row-major, or null
  index outputs_stride;
  T* sample_losses;    // or null
};

// The loss of all samples from their own: the weighted mean and the penalty.
template <class T>
struct Evaluation {
  const Plan* plan;
  const T* parameters;  // packed
  Weights<T> weights;   // of the samples
  T* shares;            // memory for one number a sample
  const T* sample_losses;
  index m;
  double l2;
};

// The given vector of parameters (or a slot) to packed form and back.
template <class T>
struct Packing {
  const Plan* plan;
  T* given;
  T* packed;
};

// What an instruction set provides for one type of number.
template <class T>
struct Kernels {
  void (*train)(const Training<T>&, index thread);
  void (*gradient)(const Training<T>&, index thread);
  void (*predict)(const Prediction<T>&);
  double (*loss)(const Evaluation<T>&);
  void (*pack)(const Packing<T>&);
  void (*unpack)(const Packing<T>&);
  bool (*elementary)(const char* name, const T* x, T* y, index count);
};

}  // namespace chainrule
