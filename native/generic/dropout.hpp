// The masks of dropout, counted and not drawn: the same bits as src/chainrule/dropout.py.
//
// Philox4x64-10 (Salmon, Moraes, Dror and Shaw, SC11, section 3.3 and table 2) with the key
// (seed, l) and the counter (block + 1, 0, 0, step); a block gives eight numbers of 32 bits.
#pragma once

#include "products.hpp"

namespace chainrule::CHAINRULE_ISA {

__extension__ typedef unsigned __int128 Wide;

struct Philox {
  std::uint64_t key_0, key_1, step;

  void block(std::uint64_t number, std::uint32_t (&numbers)[8]) const {
    std::uint64_t c0 = number + 1, c1 = 0, c2 = 0, c3 = step, k0 = key_0, k1 = key_1;
    for (int round = 0; round < 10; ++round) {
      const auto product_0 = static_cast<Wide>(0xD2E7470EE14C6C93ULL) * c0;
      const auto product_1 = static_cast<Wide>(0xCA5A826395121157ULL) * c2;
      const std::uint64_t next_0 = static_cast<std::uint64_t>(product_1 >> 64) ^ c1 ^ k0;
      const std::uint64_t next_2 = static_cast<std::uint64_t>(product_0 >> 64) ^ c3 ^ k1;
      c1 = static_cast<std::uint64_t>(product_1);
      c3 = static_cast<std::uint64_t>(product_0);
      c0 = next_0;
      c2 = next_2;
      k0 += 0x9E3779B97F4A7C15ULL;
      k1 += 0xBB67AE8584CAA73BULL;
    }
    const std::uint64_t words[4] = {c0, c1, c2, c3};
    for (int k = 0; k < 8; ++k)
      numbers[k] = static_cast<std::uint32_t>(words[k / 2] >> (32 * (k % 2)));
  }
};

// M(l) of rows of a batch, into panels; the chunk begins at row `chunk` of the batch.
template <class T>
inline void dropout_mask(const Philox& philox, double rate, index n, index chunk, Rows rows,
                         T* mask, index spacing) {
  const auto dropped = static_cast<std::uint64_t>(rate * 4294967296.0);
  const T kept = static_cast<T>(1 / (1 - rate));
  std::uint32_t numbers[8];
  std::uint64_t made = ~std::uint64_t{0};
  for (index j = rows.first; j < rows.last; ++j)
    for (index k = 0; k < n; ++k) {
      const auto place = static_cast<std::uint64_t>((chunk + j) * n + k);
      if (place / 8 != made) {
        made = place / 8;
        philox.block(made, numbers);
      }
      mask[k / panel<T> * panel<T> * spacing + j * panel<T> + k % panel<T>] =
          numbers[place % 8] >= dropped ? kept : T(0);
    }
}

}  // namespace chainrule::CHAINRULE_ISA
