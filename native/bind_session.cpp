// The Python face of a session: arrays to pointers, and nothing that could point beside them.

#include "bind_session.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <exception>

#include "bind_samples.hpp"
#include "session.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using chainrule::index;
using namespace chainrule::binding;

// Asked after every step: lets Python's signal handlers run every 20 ms, and asks the callable.
class Listener {
 public:
  explicit Listener(nb::object callable) : callable_(std::move(callable)) {}

  chainrule::AfterStep after_step() { return {&Listener::ask, this}; }

  // What a handler or the callable raised.
  void raise() {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  static bool ask(void* self, index steps_done) {
    return static_cast<Listener*>(self)->must_stop(steps_done);
  }

  bool must_stop(index steps_done) {
    const bool has_callable = callable_.is_valid() && !callable_.is_none();
    const auto now = std::chrono::steady_clock::now();
    if (!has_callable && now - last_ < std::chrono::milliseconds(20)) return false;
    last_ = now;
    const nb::gil_scoped_acquire gil;
    try {
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
      return has_callable && nb::cast<bool>(callable_(steps_done));
    } catch (...) {
      error_ = std::current_exception();
      return true;
    }
  }

  nb::object callable_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::exception_ptr error_;
};

chainrule::Rule rule_of(const nb::dict& given) {
  const auto number = [&](const char* name) { return nb::cast<double>(given[name]); };
  chainrule::Rule rule{};
  rule.solver = static_cast<chainrule::Solver>(nb::cast<int>(given["solver"]));
  rule.momentum = number("momentum");
  rule.beta_1 = number("beta_1");
  rule.beta_2 = number("beta_2");
  rule.epsilon = number("epsilon");
  rule.weight_decay = number("weight_decay");
  rule.l2 = number("l2");
  rule.l2_per_weight = nb::cast<bool>(given["l2_per_weight"]);
  rule.clipping = static_cast<chainrule::Clipping>(nb::cast<int>(given["clipping"]));
  rule.bound = number("bound");
  rule.stop_on_divergence = nb::cast<bool>(given["stop_on_divergence"]);
  rule.dropout_seed = nb::cast<std::uint64_t>(given["dropout_seed"]);
  return rule;
}

// Done and left to do, for Python: see Progress in network.hpp.
nb::tuple told(const chainrule::Progress& progress) {
  const auto number = [](bool is_there, double value) {
    return is_there ? nb::object(nb::float_(value)) : nb::none();
  };
  return nb::make_tuple(progress.steps_done, progress.rows_done, progress.total,
                        number(progress.has_finite_loss, progress.last_finite_loss),
                        progress.diverged_at,
                        number(progress.has_finite_before, progress.finite_before),
                        progress.stopped, progress.weightless_step >= 0);
}

template <class T>
using Session = chainrule::Session<T>;

template <class T>
void require_parameters(const Session<T>& session, std::size_t given) {
  require(static_cast<index>(given) == session.owner().n_parameters(),
          "a vector has not as many numbers as there are parameters");
}

template <class T>
void train(Session<T>& session, Mutable<T> parameters, Mutable<T> slot_0,
           std::optional<Mutable<T>> slot_1, const std::optional<Matrix<T>>& X,
           const std::optional<Sparse<T>>& csr, const Numbers& targets,
           const MaybeNumbers& weights, const MaybeNumbers& rows, const Column<index>& starts,
           const Column<double>& rates, const nb::dict& rule, const Maybe<double>& dropout,
           index steps_before, index threads, nb::object after_step, nb::list report) {
  const auto& owner = session.owner();
  Samples<T> samples = samples_of<T>(X, csr, owner.n_inputs());
  take_targets<T>(targets, weights, owner.n_outputs(), samples);
  samples.data.rows = order_of(rows, samples.n);
  require_steps(starts, rows ? static_cast<index>(rows->shape(0)) : samples.n);
  require(rates.shape(0) + 1 >= starts.shape(0), "there is not one rate a step");
  for (const std::size_t given : {parameters.shape(0), slot_0.shape(0),
                                  slot_1 ? slot_1->shape(0) : slot_0.shape(0)})
    require_parameters(session, given);
  for (const T* given : {parameters.data(), slot_0.data(), slot_1 ? slot_1->data() : nullptr})
    require_alignment(given);
  chainrule::Steps<T> steps{};
  steps.data = samples.data;
  steps.rule = rule_of(rule);
  require(steps.rule.solver != chainrule::Solver::adam || slot_1.has_value(), "Adam has two slots");
  if (dropout) {
    require(static_cast<index>(dropout->shape(0)) + 1 == owner.plan().n_layers,
            "there is not one dropout rate a hidden layer");
    steps.rule.dropout = dropout->data();
  }
  steps.parameters = parameters.data();
  steps.slots[0] = slot_0.data();
  steps.slots[1] = slot_1 ? slot_1->data() : nullptr;
  steps.step_starts = starts.data();
  steps.n_steps = static_cast<index>(starts.shape(0)) - 1;
  steps.rates = rates.data();
  steps.steps_before = steps_before;
  steps.threads = threads;
  Listener listener(std::move(after_step));
  chainrule::Progress progress;
  steps.after_step = listener.after_step();
  steps.progress = &progress;
  {
    const nb::gil_scoped_release release;
    session.train(steps);
  }
  report.append(told(progress));  // told even where the listener raises
  listener.raise();
}

template <class T>
double gradient(Session<T>& session, Column<T> parameters, Mutable<T> result,
                const std::optional<Matrix<T>>& X, const std::optional<Sparse<T>>& csr,
                const Numbers& targets,
           const MaybeNumbers& weights, double l2,
                const Maybe<double>& dropout, std::uint64_t dropout_seed, index step,
                double total_weight, index threads) {
  const auto& owner = session.owner();
  Samples<T> samples = samples_of<T>(X, csr, owner.n_inputs());
  take_targets<T>(targets, weights, owner.n_outputs(), samples);
  require(samples.n > 0, "there are no samples");
  require_parameters(session, parameters.shape(0));
  require_parameters(session, result.shape(0));
  const index starts[2] = {0, samples.n};
  chainrule::Progress progress;
  chainrule::Steps<T> steps{};
  steps.data = samples.data;
  steps.rule.l2 = l2;
  if (dropout) {
    require(static_cast<index>(dropout->shape(0)) + 1 == owner.plan().n_layers,
            "there is not one dropout rate a hidden layer");
    steps.rule.dropout = dropout->data();
    steps.rule.dropout_seed = dropout_seed;
  }
  steps.parameters = const_cast<T*>(parameters.data());
  steps.step_starts = starts;
  steps.n_steps = 1;
  steps.steps_before = step;
  steps.threads = threads;
  steps.progress = &progress;
  const nb::gil_scoped_release release;
  return session.gradient(steps, result.data(), total_weight);
}

template <class T>
void freeze(Session<T>& session, Column<T> parameters) {
  require_parameters(session, parameters.shape(0));
  const nb::gil_scoped_release release;
  session.freeze(parameters.data());
}

template <class T>
void outputs(Session<T>& session, const Maybe<T>& parameters, const std::optional<Matrix<T>>& X,
             const std::optional<Sparse<T>>& csr,
             nb::ndarray<T, nb::ndim<2>, nb::c_contig, nb::device::cpu> result, index threads) {
  const auto& owner = session.owner();
  const Samples<T> samples = samples_of<T>(X, csr, owner.n_inputs());
  if (parameters) require_parameters(session, parameters->shape(0));
  else require(session.is_frozen(), "there are no parameters");
  require(static_cast<index>(result.shape(0)) == samples.n &&
              static_cast<index>(result.shape(1)) == owner.n_outputs(),
          "the result has not the shape of the outputs");
  const nb::gil_scoped_release release;
  session.predict(samples.data, samples.n, parameters ? parameters->data() : nullptr,
                  result.data(), owner.n_outputs(), nullptr, threads);
}

template <class T>
double loss(Session<T>& session, Column<T> parameters, const std::optional<Matrix<T>>& X,
            const std::optional<Sparse<T>>& csr, const Numbers& targets,
           const MaybeNumbers& weights,
            double l2, index threads) {
  const auto& owner = session.owner();
  Samples<T> samples = samples_of<T>(X, csr, owner.n_inputs());
  take_targets<T>(targets, weights, owner.n_outputs(), samples);
  require_parameters(session, parameters.shape(0));
  const nb::gil_scoped_release release;
  return session.loss(samples.data, samples.n, parameters.data(), l2, threads);
}

template <class T>
void elementary(const std::string& name, Column<T> x, Mutable<T> y) {
  require(x.shape(0) == y.shape(0), "x and y differ in length");
  require(chainrule::kernels<T>().elementary(name.c_str(), x.data(), y.data(),
                                             static_cast<index>(x.shape(0))),
          "there is no elementary function of that name");
}

template <class T>
void define_session(nb::module_& module, const char* name) {
  nb::class_<Session<T>>(module, name, "A network's plan and memory, and the calls on them.")
      .def("__init__",
           [](Session<T>* place, std::vector<index> sizes, const std::vector<int>& hidden,
              int output, int loss, double loss_parameter, bool bias, bool clips) {
             std::vector<chainrule::Activation> functions;
             require(0 <= output && output <= 3 && 0 <= loss && loss <= 6,
                     "there is no output or loss of this number");
             for (const int function : hidden)
               require(0 <= function && function <= 10, "there is no function of this number");
             for (const int function : hidden)
               functions.push_back(static_cast<chainrule::Activation>(function));
             new (place) Session<T>({std::move(sizes), std::move(functions),
                                     static_cast<chainrule::Output>(output),
                                     static_cast<chainrule::Loss>(loss), loss_parameter, bias,
                                     clips});
           })
      .def("train", &train<T>, "parameters"_a.noconvert(), "slot_0"_a.noconvert(),
           "slot_1"_a.noconvert().none(), "X"_a.noconvert().none(), "csr"_a.noconvert().none(),
           "targets"_a.noconvert(), "weights"_a.noconvert().none(), "rows"_a.noconvert().none(),
           "starts"_a.noconvert(), "rates"_a.noconvert(), "rule"_a,
           "dropout"_a.noconvert().none(), "steps_before"_a, "threads"_a, "after_step"_a.none(),
           "report"_a)
      .def("gradient", &gradient<T>, "parameters"_a.noconvert(), "result"_a.noconvert(),
           "X"_a.noconvert().none(), "csr"_a.noconvert().none(), "targets"_a.noconvert(),
           "weights"_a.noconvert().none(), "l2"_a, "dropout"_a.noconvert().none(),
           "dropout_seed"_a, "step"_a, "total_weight"_a, "threads"_a)
      .def("freeze", &freeze<T>, "parameters"_a.noconvert())
      .def("outputs", &outputs<T>, "parameters"_a.noconvert().none(), "X"_a.noconvert().none(),
           "csr"_a.noconvert().none(), "result"_a.noconvert(), "threads"_a)
      .def("loss", &loss<T>, "parameters"_a.noconvert(), "X"_a.noconvert().none(),
           "csr"_a.noconvert().none(), "targets"_a.noconvert(), "weights"_a.noconvert().none(),
           "l2"_a, "threads"_a);
}

}  // namespace

void define_sessions(nb::module_& module) {
  define_session<float>(module, "SessionFloat32");
  define_session<double>(module, "SessionFloat64");
  module.def("elementary_float32", &elementary<float>, "name"_a, "x"_a.noconvert(),
             "y"_a.noconvert(), "An elementary function of the kernels, for the tests.");
  module.def("elementary_float64", &elementary<double>, "name"_a, "x"_a.noconvert(),
             "y"_a.noconvert(), "An elementary function of the kernels, for the tests.");
  module.def("isa", &chainrule::chosen_isa, "The instruction set in use.");
  module.def("available_isas", &chainrule::available_isas,
             "The instruction sets that this machine can run, the best last.");
}
