// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include <bit>

namespace monotail {

Random::Random(std::uint64_t seed)
{
    for (std::uint64_t& word : m_state) { // splitmix64
        seed += 0x9e3779b97f4a7c15u;
        std::uint64_t z = seed;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        word = z ^ (z >> 31);
    }
}

std::uint64_t Random::next()
{
    const std::uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
    const std::uint64_t shifted = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= shifted;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
}

std::uint64_t Random::below(std::uint64_t bound)
{
    // Numbers under the remainder of 2^64 / bound would make small results likelier: draw again.
    const std::uint64_t rest = (0 - bound) % bound;
    std::uint64_t value = next();
    while (value < rest)
        value = next();
    return value % bound;
}

double Random::uniform()
{
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

} // namespace monotail
