// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// One function compiled for several kinds of processor, chosen when the program runs. (GCC's
/// target_clones would do the same, but ThreadSanitizer ends programs that contain it.)
namespace monotail {

enum class Processor { Any, Avx2, Avx512 };

#if defined(__x86_64__)

inline Processor processor()
{
    static const Processor found = __builtin_cpu_supports("avx512f") ? Processor::Avx512
                                   : __builtin_cpu_supports("avx2")  ? Processor::Avx2
                                                                     : Processor::Any;
    return found;
}

template <typename Body, typename... Arguments>
[[gnu::target("avx512f")]] auto runWithAvx512(Arguments&... arguments)
{
    return Body::run(arguments...);
}

template <typename Body, typename... Arguments>
[[gnu::target("avx2")]] auto runWithAvx2(Arguments&... arguments)
{
    return Body::run(arguments...);
}

/// Body::run(arguments...), a static function that is always inlined. Nothing in it may depend on
/// the processor but speed: contraction of products and sums is off.
template <typename Body, typename... Arguments>
auto runOnProcessor(Arguments&&... arguments)
{
    switch (processor()) {
    case Processor::Avx512:
        return runWithAvx512<Body>(arguments...);
    case Processor::Avx2:
        return runWithAvx2<Body>(arguments...);
    case Processor::Any:
        break;
    }
    return Body::run(arguments...);
}

#else

template <typename Body, typename... Arguments>
auto runOnProcessor(Arguments&&... arguments)
{
    return Body::run(arguments...);
}

#endif

} // namespace monotail
