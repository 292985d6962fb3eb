// SPDX-License-Identifier: ISC
#include "privsep/admission_reply.hpp"

namespace privsep {

pop3::Reply refusal(Admission admission) {
  return pop3::err(admission == Admission::too_many
                       ? "[SYS/TEMP] too many connections, try again later"
                       : "[SYS/TEMP] the server cannot start");
}

} // namespace privsep
