// Arrays of Python to the samples that the kernels read; refused where one could point elsewhere.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>

#include <optional>
#include <tuple>
#include <type_traits>

#include "network.hpp"

namespace chainrule::binding {

namespace nb = nanobind;

template <class T>
using Matrix = nb::ndarray<const T, nb::ndim<2>, nb::device::cpu>;
template <class T>
using Column = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <class T>
using Mutable = nb::ndarray<T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <class T>
using Maybe = std::optional<Column<T>>;
// of one of the types that samples.hpp names
using Numbers = nb::ndarray<nb::ro, nb::device::cpu>;
using MaybeNumbers = std::optional<Numbers>;
// values, columns and row starts of a CSR matrix
template <class T>
using Sparse = std::tuple<Column<T>, Column<std::int32_t>, Column<index>>;

inline void require(bool condition, const char* message) {
  if (!condition) throw nb::value_error(message);
}

template <class T>
struct Samples {
  Data<T> data{};
  index n = 0;
};

template <class T>
void require_alignment(const T* data) {
  require(reinterpret_cast<std::uintptr_t>(data) % alignof(T) == 0, "an array is misaligned");
}

template <class T>
void take_dense(const Matrix<T>& X, index n_inputs, Samples<T>& samples) {
  samples.n = static_cast<index>(X.shape(0));
  require(static_cast<index>(X.shape(1)) == n_inputs, "X has not as many columns as there are inputs");
  require(samples.n == 0 || n_inputs == 1 || X.stride(1) == 1, "the rows of X are not contiguous");
  require_alignment(X.data());
  samples.data.X = X.data();
  samples.data.X_stride = X.stride(0);
}

template <class T>
void take_sparse(const Sparse<T>& X, index n_inputs, Samples<T>& samples) {
  const auto& [values, columns, starts] = X;
  require(starts.shape(0) > 0 && values.shape(0) == columns.shape(0), "X is no CSR matrix");
  samples.n = static_cast<index>(starts.shape(0)) - 1;
  require(starts.data()[0] == 0, "the row starts of X do not begin at 0");
  for (index row = 0; row < samples.n; ++row)
    require(starts.data()[row] <= starts.data()[row + 1], "the row starts of X do not ascend");
  require(starts.data()[samples.n] <= static_cast<index>(columns.shape(0)), "X has too few values");
  for (index k = 0; k < starts.data()[samples.n]; ++k)
    require(0 <= columns.data()[k] && columns.data()[k] < n_inputs, "a column of X is out of range");
  samples.data.values = values.data();
  samples.data.columns = columns.data();
  samples.data.row_starts = starts.data();
}

template <class T>
Samples<T> samples_of(const std::optional<Matrix<T>>& X, const std::optional<Sparse<T>>& csr,
                      index n_inputs) {
  Samples<T> samples;
  require(X.has_value() != csr.has_value(), "give X either as an array or as a CSR matrix");
  if (X) take_dense<T>(*X, n_inputs, samples);
  else take_sparse<T>(*csr, n_inputs, samples);
  return samples;
}

template <class U>
inline bool is_aligned(const Numbers& array) {
  return reinterpret_cast<std::uintptr_t>(array.data()) % sizeof(U) == 0;
}

// Call `with` with a pointer of the array's own type, if it is one of `Types`.
template <class... Types, class With>
bool with_type(const Numbers& array, With&& with) {
  const auto as = [&]<class U>(const U* numbers) {
    if (array.dtype() != nb::dtype<U>()) return false;
    require(is_aligned<U>(array), "an array is misaligned");
    with(numbers);
    return true;
  };
  return (as(static_cast<const Types*>(array.data())) || ...);
}

template <class U>
Written written_as() {
  if constexpr (std::is_same_v<U, float>) return Written::float32;
  else if constexpr (std::is_same_v<U, double>) return Written::float64;
  else if constexpr (std::is_same_v<U, std::int64_t>) return Written::int64;
  else if constexpr (std::is_same_v<U, std::int32_t>) return Written::int32;
  else return Written::uint8;
}

template <class U>
Written label_written_as() {
  if constexpr (sizeof(U) == 1) return Written::label8;
  else if constexpr (sizeof(U) == 2) return Written::label16;
  else return Written::label32;
}

// A matrix with a column for each output.
inline void take_matrix(const Numbers& given, index n_outputs, Targets& targets) {
  require(static_cast<index>(given.shape(1)) == n_outputs,
          "the targets do not fit the samples and the outputs");
  require(n_outputs == 1 || given.stride(1) == 1, "the rows of the targets are not contiguous");
  const bool known = with_type<float, double, std::int64_t, std::int32_t, std::uint8_t>(
      given, [&]<class U>(const U*) { targets.written = written_as<U>(); });
  require(known, "the targets are of a type that is not read");
}

// A number for each sample: which of the outputs is 1.
inline void take_labels(const Numbers& given, index n_outputs, Targets& targets) {
  const bool known =
      with_type<std::uint8_t, std::uint16_t, std::int32_t>(given, [&]<class U>(const U* labels) {
        targets.written = label_written_as<U>();
        for (index row = 0; row < static_cast<index>(given.shape(0)); ++row) {
          const index label = labels[row * given.stride(0)];
          require(0 <= label && label < n_outputs, "a label is out of range");
        }
      });
  require(known, "the labels are of a type that is not read");
}

template <class T>
void take_targets(const Numbers& given, const MaybeNumbers& weights, index n_outputs,
                  Samples<T>& samples) {
  require((given.ndim() == 1 || given.ndim() == 2) &&
              static_cast<index>(given.shape(0)) == samples.n,
          "the targets do not fit the samples and the outputs");
  Targets& targets = samples.data.targets;
  if (given.ndim() == 2) take_matrix(given, n_outputs, targets);
  else take_labels(given, n_outputs, targets);
  targets.data = given.data();
  targets.stride = given.stride(0);
  if (!weights) return;
  require(weights->ndim() == 1 && static_cast<index>(weights->shape(0)) == samples.n,
          "there is not one weight a sample");
  require(samples.n <= 1 || weights->stride(0) == 1, "the weights are not contiguous");
  const bool known = with_type<float, double>(
      *weights, [&]<class U>(const U* numbers) { samples.data.weights = numbers; });
  require(known, "the weights are of a type that is not read");
}

inline void require_steps(const Column<index>& starts, index n_places) {
  require(starts.shape(0) > 0, "there are no steps");
  require(starts.data()[0] >= 0, "a step begins before the first row");
  for (std::size_t step = 0; step + 1 < starts.shape(0); ++step)
    require(starts.data()[step] < starts.data()[step + 1], "a step has no rows");
  require(starts.data()[starts.shape(0) - 1] <= n_places, "a step ends after the last row");
}

// The order of the rows, each of which is one of n.
inline Order order_of(const MaybeNumbers& rows, index n) {
  Order order;
  if (!rows) return order;
  require(rows->ndim() == 1 && (rows->shape(0) <= 1 || rows->stride(0) == 1),
          "the rows are not a contiguous vector");
  const bool known =
      with_type<index, std::int32_t>(*rows, [&]<class U>(const U* given) {
        for (std::size_t place = 0; place < rows->shape(0); ++place)
          require(0 <= given[place] && given[place] < n, "a row is out of range");
        order = given;
      });
  require(known, "the rows are neither int32 nor int64");
  return order;
}

}  // namespace chainrule::binding
