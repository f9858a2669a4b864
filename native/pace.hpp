// How many threads a training takes: as many as have proved faster.
//
// The number changes no bit of a result, so it may follow what is measured: on a machine whose cores
// are busy with something else, threads that wait for one another are slower than one alone.
#pragma once

#include "network.hpp"

namespace chainrule {

class Pace {
 public:
  // The threads for a call whose steps have so many fused multiply-adds each.
  index choose(double operations, index most);

  // What a call took.
  void note(index threads, double seconds_per_operation);

 private:
  struct Record {
    double seconds = 0;  // for an operation, in the last call
    bool is_known = false;
  };

  bool is_time_to_try_again();

  Record alone_, together_;
  index calls_ = 0, next_try_ = 4;
};

}  // namespace chainrule
