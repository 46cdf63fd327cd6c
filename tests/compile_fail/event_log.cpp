// A log entry is an event and numbers: no text, identifier or payload fits in.
#include <string>

#include <lethe/mailbox/payload.hpp>

#include "base/event_log.hpp"

using namespace lethe;

void use(EventLog& log, const std::string& text, const Address& address, const MessageId& id, const mailbox::Payload& payload) {
#if BAD == 1
  log.write(Severity::info, text);
#elif BAD == 2
  log.write(Severity::info, Event::started, {.text = text});
#elif BAD == 3
  log.write(Severity::info, Event::started, {.count = text});
#elif BAD == 4
  log.write(Severity::info, Event::started, {.session = address});
#elif BAD == 5
  log.write(Severity::info, Event::started, {.count = address});
#elif BAD == 6
  log.write(Severity::info, Event::started, {.bytes = payload});
#elif BAD == 7
  log.write(Severity::info, Event::started, {.code = id});
#elif BAD == 8
  log.write(Severity::info, Event::started, {.error = text});
#elif BAD == 9
  log.write(Severity::info, Event::lockdown, {.digest = address});
#elif BAD == 10
  log.write(Severity::info, Event::lockdown, {.digest = address.bytes});
#else
  log.write(Severity::info, Event::started, {.session = SessionNumber{1}, .bytes = payload.size(), .count = text.size()});
#endif
  static_cast<void>(address);
  static_cast<void>(id);
}
