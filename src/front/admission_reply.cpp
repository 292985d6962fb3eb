// SPDX-License-Identifier: ISC
#include "front/admission_reply.hpp"

namespace front {

pop3::Reply refusal(ipc::Admission admission) {
  return pop3::err(admission == ipc::Admission::too_many
                       ? "[SYS/TEMP] too many connections, try again later"
                       : "[SYS/TEMP] the server cannot start");
}

} // namespace front
