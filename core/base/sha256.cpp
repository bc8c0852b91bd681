// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace monotail {

namespace {

__extension__ typedef unsigned __int128 Wide;

/// The first 32 bits of the fractional part of `root`-th roots of the first primes, as FIPS 180-4
/// defines the constants: computed, in integers, rather than listed.
constexpr std::array<std::uint32_t, 64> primes()
{
    std::array<std::uint32_t, 64> out{};
    std::size_t found = 0;
    for (std::uint32_t n = 2; found < out.size(); ++n) {
        bool prime = true;
        for (std::uint32_t d = 2; d * d <= n; ++d)
            prime = prime && n % d != 0;
        if (prime)
            out[found++] = n;
    }
    return out;
}

constexpr std::uint32_t rootFraction(std::uint32_t prime, int root)
{
    // Largest x with x^root <= prime * 2^(32 root); x mod 2^32 is the fraction's first 32 bits.
    Wide x = 0;
    for (int bit = 35; bit >= 0; --bit) {
        const Wide candidate = x | (static_cast<Wide>(1) << bit);
        Wide power = candidate * candidate;
        Wide target = static_cast<Wide>(prime) << 64;
        if (root == 3) {
            power *= candidate; // below 2^108: fits
            target <<= 32;      // below 2^105
        }
        if (power <= target)
            x = candidate;
    }
    return static_cast<std::uint32_t>(x);
}

constexpr std::array<std::uint32_t, 64> roundConstants()
{
    std::array<std::uint32_t, 64> out{};
    const auto p = primes();
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = rootFraction(p[i], 3);
    return out;
}

constexpr std::array<std::uint32_t, 8> initialState()
{
    std::array<std::uint32_t, 8> out{};
    const auto p = primes();
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = rootFraction(p[i], 2);
    return out;
}

constexpr auto rounds = roundConstants();
constexpr auto initial = initialState();

} // namespace

Sha256::Sha256() : m_state(initial), m_buffer{} {}

void Sha256::add(const void* data, std::size_t size)
{
    const auto* bytes = static_cast<const unsigned char*>(data);
    std::size_t filled = m_size % 64;
    m_size += size;
    while (size > 0) {
        if (filled == 0 && size >= 64) {
            block(bytes);
            bytes += 64;
            size -= 64;
            continue;
        }
        const std::size_t part = std::min(size, 64 - filled);
        std::memcpy(m_buffer.data() + filled, bytes, part);
        filled += part;
        bytes += part;
        size -= part;
        if (filled == 64) {
            block(m_buffer.data());
            filled = 0;
        }
    }
}

std::string Sha256::hex()
{
    const std::uint64_t bits = m_size * 8;
    const unsigned char one = 0x80;
    const unsigned char zero = 0;
    add(&one, 1);
    while (m_size % 64 != 56)
        add(&zero, 1);
    unsigned char length[8];
    for (int i = 0; i < 8; ++i)
        length[i] = static_cast<unsigned char>(bits >> (56 - 8 * i));
    add(length, 8);
    std::string out;
    for (const std::uint32_t word : m_state)
        for (int shift = 28; shift >= 0; shift -= 4)
            out += "0123456789abcdef"[(word >> shift) & 15];
    return out;
}

void Sha256::block(const unsigned char* data)
{
    std::array<std::uint32_t, 64> w;
    for (std::size_t i = 0; i < 16; ++i)
        w[i] = static_cast<std::uint32_t>(data[4 * i]) << 24 |
               static_cast<std::uint32_t>(data[4 * i + 1]) << 16 |
               static_cast<std::uint32_t>(data[4 * i + 2]) << 8 | data[4 * i + 3];
    for (std::size_t i = 16; i < 64; ++i) {
        const std::uint32_t a = w[i - 15];
        const std::uint32_t b = w[i - 2];
        w[i] = w[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3)) + w[i - 7] +
               (std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10));
    }
    auto [a, b, c, d, e, f, g, h] = m_state;
    for (std::size_t i = 0; i < 64; ++i) {
        const std::uint32_t t1 = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                                 ((e & f) ^ (~e & g)) + rounds[i] + w[i];
        const std::uint32_t t2 =
            (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    const std::array<std::uint32_t, 8> sums{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i)
        m_state[i] += sums[i];
}

} // namespace monotail
