// SPDX-License-Identifier: GPL-3.0-or-later
// make-problem CLASSES SAMPLES WIDTH FOLDER [rising]: a long-tailed problem as files, with SAMPLES
// evaluation samples of each class.

#include <iostream>

#include "base/text.h"
#include "support/made_problem.h"

int main(int count, char** words)
{
    using namespace monotail;
    const std::vector<std::string> arguments(words + 1, words + count);
    const auto number = [&](std::size_t i) { return parseInteger(arguments[i]).value_or(0); };
    if (arguments.size() < 4 || arguments.size() > 5 ||
        (arguments.size() == 5 && arguments[4] != "rising")) {
        std::cerr << "usage: make-problem CLASSES SAMPLES WIDTH FOLDER [rising]\n";
        return 2;
    }
    test::MadeOptions options;
    options.samplesPerClass = number(1);
    options.width = number(2);
    if (arguments.size() == 5)
        options.norms = test::MadeNorms::Rising;
    try {
        const auto problem = test::writeProblem(arguments[3], number(0), options);
        std::cout << problem.checkpoint << " --counts " << problem.counts << " --data "
                  << problem.data << '\n';
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
