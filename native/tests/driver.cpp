// The pool and the kernels without Python, for the thread sanitizer (native/tests/sanitize).
//
// Trains, evaluates and predicts with several threads, also from several threads at once, and
// compares every result to the bit with that of one thread. Ends with status 1 where one differs.

#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

#include "../session.hpp"

namespace {

using chainrule::index;

// Numbers between -1 and 1, the same everywhere.
template <class T>
std::vector<T> numbers(index count, std::uint32_t seed) {
  std::vector<T> made(static_cast<std::size_t>(count));
  for (T& one : made) {
    seed = seed * 1664525U + 1013904223U;
    one = static_cast<T>(static_cast<double>(seed >> 8) / 8388608.0 - 1.0);
  }
  return made;
}

template <class T>
struct Problem {
  index m = 700;
  chainrule::Description description{{70, 130, 65, 5},
                                     {chainrule::Activation::gelu, chainrule::Activation::tanh},
                                     chainrule::Output::softmax,
                                     chainrule::Loss::cross_entropy,
                                     0.0,
                                     true,
                                     true};
  std::vector<T> X = numbers<T>(m * 70, 1), targets = std::vector<T>(700 * 5), weights;
  std::vector<index> rows, starts{0, 300, 310, 700};
  std::vector<double> rates{0.01, 0.02, 0.01}, dropout{0.2, 0.0};

  Problem() {
    for (index j = 0; j < m; ++j) {
      targets[static_cast<std::size_t>(j * 5 + j % 5)] = 1;
      rows.push_back((j * 37) % m);
      weights.push_back(static_cast<T>(1 + j % 3));
    }
  }

  chainrule::Data<T> data() const {
    chainrule::Data<T> all{};
    all.X = X.data();
    all.X_stride = 70;
    all.targets = {targets.data(), 5, chainrule::own_type<T>()};
    all.weights = weights.data();
    return all;
  }
};

// Everything that a session computes, one number after another.
template <class T>
std::vector<T> everything(const Problem<T>& problem, index threads, bool clips_norm) {
  chainrule::Session<T> session(problem.description);
  const index n = session.owner().n_parameters();
  std::vector<T> theta = numbers<T>(n, 2), first(static_cast<std::size_t>(n)), second = first;
  std::vector<T> gradient = first, outputs(static_cast<std::size_t>(problem.m * 5));
  chainrule::Progress progress;
  chainrule::Steps<T> steps{};
  steps.data = problem.data();
  steps.rule = {chainrule::Solver::adam, 0, 0.9, 0.999, 1e-8, 0.01, 0.1, true,
                clips_norm ? chainrule::Clipping::norm : chainrule::Clipping::none,
                0.5, true, problem.dropout.data(), 7};
  steps.parameters = theta.data();
  steps.slots[0] = first.data();
  steps.slots[1] = second.data();
  steps.step_starts = problem.starts.data();
  steps.n_steps = 3;
  steps.rates = problem.rates.data();
  steps.threads = threads;
  steps.progress = &progress;
  chainrule::Steps<T> whole = steps;
  steps.data.rows = problem.rows.data();
  for (int epoch = 0; epoch < 4; ++epoch) session.train(steps);
  const index all[2] = {0, problem.m};
  whole.step_starts = all;
  whole.rule.dropout = nullptr;
  const double loss = session.gradient(whole, gradient.data(), 0.0);
  const double again = session.loss(whole.data, problem.m, theta.data(), 0.0, threads);
  session.predict(whole.data, problem.m, theta.data(), outputs.data(), 5, nullptr, threads);
  theta.insert(theta.end(), gradient.begin(), gradient.end());
  theta.insert(theta.end(), outputs.begin(), outputs.end());
  theta.push_back(static_cast<T>(progress.total));
  theta.push_back(static_cast<T>(loss));
  theta.push_back(static_cast<T>(again));
  return theta;
}

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

// To compare instruction sets by eye: all but the baseline of x86-64 agree.
template <class T>
unsigned long long fingerprint(const std::vector<T>& result) {
  unsigned long long hash = 14695981039346656037ULL;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(result.data());
  for (std::size_t k = 0; k < result.size() * sizeof(T); ++k)
    hash = (hash ^ bytes[k]) * 1099511628211ULL;
  return hash;
}

template <class T>
bool check(const char* type, bool clips_norm) {
  const Problem<T> problem;
  const std::vector<T> alone = everything(problem, 1, clips_norm);
  bool good = true;
  for (const index threads : {2, 3, 4})
    good = good && same(everything(problem, threads, clips_norm), alone);
  // two callers at once: one has the pool, the other goes alone
  std::vector<std::vector<T>> results(3);
  std::vector<std::thread> callers;
  for (std::vector<T>& result : results)
    callers.emplace_back([&] { result = everything(problem, 3, clips_norm); });
  for (std::thread& caller : callers) caller.join();
  for (const std::vector<T>& result : results) good = good && same(result, alone);
  std::printf("%s, %s clipping: %s, %016llx\n", type, clips_norm ? "with" : "without",
              good ? "the same bits" : "the bits differ", fingerprint(alone));
  return good;
}

}  // namespace

// With the argument `isas`: the instruction sets that this machine can run.
int main(int count, char** arguments) {
  if (count > 1 && std::strcmp(arguments[1], "isas") == 0) {
    for (const std::string& isa : chainrule::available_isas()) std::printf("%s\n", isa.c_str());
    return 0;
  }
  std::printf("instruction set: %s\n", chainrule::chosen_isa().c_str());
  bool good = true;
  for (const bool clips_norm : {false, true}) {
    good = check<float>("float32", clips_norm) && good;
    good = check<double>("float64", clips_norm) && good;
  }
  return good ? 0 : 1;
}
