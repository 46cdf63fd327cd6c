#pragma once
#include "base/event_log.hpp"

namespace lethe::ops::test {

inline EventFields counted(std::uint64_t count) {
  EventFields fields;
  fields.count = count;
  return fields;
}
inline EventFields at_port(std::uint64_t port) {
  EventFields fields;
  fields.port = port;
  return fields;
}
inline EventFields failed(const error_code& error) {
  EventFields fields;
  fields.error = error;
  return fields;
}

}  // namespace lethe::ops::test
