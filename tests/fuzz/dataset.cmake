# Fuzz targets of core/dataset; included by CMakeLists.txt, which defines monotail_add_fuzzer.
monotail_add_fuzzer(fuzz_npy fuzz_npy.cpp)
monotail_add_fuzzer(fuzz_counts fuzz_counts.cpp)
