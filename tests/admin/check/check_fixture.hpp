// SPDX-License-Identifier: ISC
// Runs parts of `sodapop check` on a scratch directory in the place of /etc.
#pragma once

#include "admin/check/check.hpp"
#include "support/scratch.hpp"
#include "support/stream_capture.hpp"

#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace support {

class CheckFixture {
 public:
  CheckFixture() {
    context.etc = scratch.path();
    context.settings.users = scratch.path("users");
  }

  /// The findings of `part` in their order, each as `error ID` or `warning ID`.
  std::vector<std::string> found(const std::function<void(admin::Findings&)>& part) const {
    StreamCapture output(std::cout);
    notes = run(part);
    std::vector<std::string> ids;
    for (const auto& line : output.lines()) {
      const auto id = line.find(" [") + 2;
      ids.push_back(line.substr(0, line.find(':')) + " " +
                    line.substr(id, line.find(']', id) - id));
    }
    return ids;
  }

  /// The lines that it prints.
  static std::string text_of(const std::function<void(admin::Findings&)>& part) {
    StreamCapture output(std::cout);
    run(part);
    return output.text();
  }

  Scratch scratch;
  admin::CheckContext context;
  mutable std::string notes; ///< On standard error, of the last found().

 private:
  static std::string run(const std::function<void(admin::Findings&)>& part) {
    StreamCapture errors(std::cerr);
    admin::Findings findings(admin::Findings::Form::text, true);
    part(findings);
    return errors.text();
  }
};

using Found = std::vector<std::string>;

} // namespace support
