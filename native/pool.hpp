// The pool: threads that sleep until a training or a prediction needs them.
#pragma once

#include <functional>

#include "network.hpp"
#include "team.hpp"

namespace chainrule {

// Call `part(thread)` for threads 0 ... team.size() - 1 at the same time, the first on the calling
// thread. Where the pool is at work for someone else, `size` threads become one: `run` makes the
// team and says how large it is.
void run_together(index size, const std::function<void(Team&, index thread)>& part);

// How many threads may run at once, whatever is asked for; 0 is no limit.
int thread_limit();
void set_thread_limit(int limit);

}  // namespace chainrule
