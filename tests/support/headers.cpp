// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing here: the target exists for its precompiled header.
