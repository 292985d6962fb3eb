// SPDX-License-Identifier: ISC
#include "users/line_problem.hpp"

namespace users {

std::string_view description(LineProblem problem) {
  switch (problem) {
  case LineProblem::too_long: return "the line is longer than 8192 octets";
  case LineProblem::control_character: return "the line has a control character in it";
  case LineProblem::no_hash: return "the line has no colon, so there is no password hash";
  case LineProblem::bad_name:
    return "the user name is empty, too long, or has characters that are not allowed";
  case LineProblem::bad_uid: return "the uid is not a number from 0 to 4294967294";
  case LineProblem::bad_gid: return "the gid is not a number from 0 to 4294967294";
  case LineProblem::relative_home: return "the home is not an absolute path";
  case LineProblem::bad_mail: return "userdb_mail is not one maildir:PATH";
  case LineProblem::bad_rights:
    return "allow_nets, sodapop_pop3, sodapop_read_only, sodapop_expires or "
           "sodapop_app_passwords_only has an invalid value, or is given twice";
  case LineProblem::bad_scram: return "sodapop_scram is empty or given twice";
  case LineProblem::bad_app_password:
    return "sodapop_app is malformed, repeats a label, or is given too often";
  case LineProblem::unknown_key: return "an extra word begins with sodapop_ and is none we know";
  }
  return "unknown problem";
}

} // namespace users
