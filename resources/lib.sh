# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the scripts of this folder share. Sourced by bash under `set -eu`; sets $repo.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
not_installed=no # yes once packages that are needed could not be installed

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() {
    warn "error: $*"
    exit 1
}

# packages_of GROUP...: the names of these groups of packages-debian.txt.
packages_of() {
    awk -v wanted=" $* " '
        { sub(/#.*/, "") }
        /^\[/ { gsub(/[][ \t]/, ""); inside = index(wanted, " " $0 " "); next }
        NF && inside && !seen[$1]++ { print $1 }' "$repo/resources/packages-debian.txt"
}

# missing_of NAME...: those of these Debian packages that are not installed.
missing_of() {
    local name status
    for name; do
        status=$(dpkg-query --show --showformat='${db:Status-Status}\n' "$name" 2>/dev/null || true)
        case $'\n'$status$'\n' in
            *$'\ninstalled\n'*) ;;
            *) say "$name" ;;
        esac
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes \
        apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" </dev/null >/dev/null
}

# Asks the mirror for new lists only where the lists at hand do not do.
apt_install() {
    local install=(install --yes --no-install-recommends "$@")
    as_root true || return 1 # one question for the password, not one for each try
    if ! apt-get --simulate -qq "${install[@]}" >/dev/null 2>&1; then
        apt_get update || return 1
    elif apt_get "${install[@]}"; then
        return 0
    else
        apt_get update || return 1 # the lists at hand may name versions that are gone
    fi
    apt_get "${install[@]}"
}

# install_groups GROUP...: installs what is missing of these groups. Where that cannot be done it
# says so and returns: the libraries may have come from elsewhere, and the build will tell.
install_groups() {
    local names missing
    mapfile -t names < <(packages_of "$@")
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        not_installed=yes
        warn "This is no Debian system (there is no apt-get), so nothing is installed. Needed is" \
            "what these Debian 12 packages hold:" $'\n'"  ${names[*]}"
        return 0
    fi
    mapfile -t missing < <(missing_of "${names[@]}")
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        not_installed=yes
        warn "Some packages are missing, and installing them takes root or sudo. As root:" \
            $'\n'"  apt-get install --no-install-recommends ${missing[*]}"
        return 0
    fi
    say "Installing with apt-get, which may take some minutes:" $'\n'"  ${missing[*]}"
    if ! apt_install "${missing[@]}"; then
        not_installed=yes
        mapfile -t missing < <(missing_of "${names[@]}")
        warn "apt-get could not install these; going on without:" $'\n'"  ${missing[*]}"
    fi
}

# How many compilers at a time: the cores, but 2 GB of memory for each, which a LibTorch unit takes.
jobs_at_once() {
    local cores memory limit
    cores=$(nproc)
    memory=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
    limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || say max)
    if [ "$limit" != max ] && [ $((limit / 1048576)) -lt "$memory" ]; then
        memory=$((limit / 1048576))
    fi
    memory=$((memory / 2000))
    [ "$memory" -ge "$cores" ] || cores=$memory
    [ "$cores" -ge 1 ] || cores=1
    say "$cores"
}

die_unbuilt() {
    [ $not_installed = no ] || die "$1 Install the packages named above, then run this again."
    die "$1 The reason is above."
}

# up_to_date FOLDER NAME=VALUE...: is the build folder configured, with these settings?
up_to_date() {
    local folder=$1 setting
    shift
    [ -f "$folder/build.ninja" ] || [ -f "$folder/Makefile" ] || return 1
    for setting; do
        grep -q "^${setting%%=*}:[A-Z]*=${setting#*=}\$" "$folder/CMakeCache.txt" || return 1
    done
}

# configure FOLDER NAME=VALUE...: runs CMake on the folder, unless it is configured so already.
# Settings that are not named keep what they had.
configure() {
    local folder=$1 home arguments=()
    shift
    command -v cmake >/dev/null || die_unbuilt "cmake is missing."
    if [ -f "$folder/CMakeCache.txt" ]; then
        home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$folder/CMakeCache.txt")
        if [ "$(cd "$home" 2>/dev/null && pwd -P)" != "$repo" ]; then # the project was moved
            rm -rf "$folder/CMakeCache.txt" "$folder/CMakeFiles"
        fi
    fi
    ! up_to_date "$folder" "$@" || return 0
    if [ ! -f "$folder/CMakeCache.txt" ] && command -v ninja >/dev/null; then
        arguments+=(-G Ninja)
    fi
    cmake -S "$repo" -B "$folder" "${arguments[@]}" "${@/#/-D}" ||
        die_unbuilt "The build in $folder could not be configured."
}

# build FOLDER [TARGET...]
build() {
    local folder=$1 targets=()
    shift
    [ $# = 0 ] || targets=(--target "$@")
    cmake --build "$folder" --parallel "$(jobs_at_once)" "${targets[@]}" ||
        die_unbuilt "The build in $folder failed."
}

# run_tests FOLDER [argument of ctest...]: every test of the build folder, two at a time; closes
# with the count, taken from CTest's own results.
run_tests() {
    local folder=$1 results=$1/test-results.xml status=0
    shift
    if [ -n "${MONOTAIL_SHARED:-}" ]; then
        MONOTAIL_SHARED=$(cd "$MONOTAIL_SHARED" && pwd) || die "MONOTAIL_SHARED names no folder."
        export MONOTAIL_SHARED
    fi
    rm -f "$results"
    ctest --test-dir "$folder" --output-on-failure --parallel 2 --no-tests=error \
        --output-junit "$results" --test-output-size-passed 1000000 "$@" || status=$?
    [ -f "$results" ] || die "CTest left no results."
    # Qt counts a program with skipped functions as passed: their reasons are told apart.
    sed -n 's/.*SKIP   : [^ ]* \(.*\)/\1/p' "$results" | sort | uniq -c |
        awk '{ count = $1; sub(/^ *[0-9]+ /, ""); print count " test functions: " $0 }'
    # A test whose program is missing is "notrun" as well, and has failed.
    awk '
        /<testcase / { match($0, /status="[a-z]*"/); status = substr($0, RSTART + 8, RLENGTH - 9) }
        /<testcase / && status == "run" { ++passed }
        /<testcase / && status == "fail" { ++failed }
        /<testcase / && status == "disabled" { ++skipped }
        /<skipped message="SKIP_/ { ++skipped; next }
        /<skipped / { ++failed }
        END {
            printf "%d passed, %d failed", passed, failed
            if (skipped) printf ", %d skipped", skipped
            print ""
        }' "$results"
    return "$status"
}
