#include "pace.hpp"

#include <algorithm>

namespace chainrule {

namespace {

// Fused multiply-adds of a step: below the first number, about ten microseconds, meeting costs more
// than it saves; above the second, for each thread, it costs nothing that matters.
constexpr double least_operations = 200e3;
constexpr double plenty_of_operations = 8e6;
constexpr index longest_pause = 256;

}  // namespace

index Pace::choose(double operations, index most) {
  if (most <= 1 || operations < least_operations) return 1;
  const double useful = std::min(operations / least_operations, 1024.0);
  const index all = std::min(most, static_cast<index>(useful));
  if (operations > plenty_of_operations * static_cast<double>(all)) return all;
  calls_ += 1;
  if (!together_.is_known) return all;
  if (!alone_.is_known) return 1;
  const bool is_faster_together = together_.seconds < alone_.seconds;
  return is_faster_together != is_time_to_try_again() ? all : 1;
}

// Now and then the other way, less and less often: the machine may have become free, or busy.
bool Pace::is_time_to_try_again() {
  if (calls_ < next_try_) return false;
  calls_ = 0;
  next_try_ = std::min(2 * next_try_, longest_pause);
  return true;
}

void Pace::note(index threads, double seconds_per_operation) {
  (threads == 1 ? alone_ : together_) = {seconds_per_operation, true};
}

}  // namespace chainrule
