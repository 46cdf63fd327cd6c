// Payloads and identifiers have no text form: not for streams, fmt, the logger or JSON. BAD is ten times the type's number
// plus the form's; the control is a number, which has all the forms.
#ifndef BAD
#define BAD 0
#endif
#define FORM (BAD % 10)
#include <string>
#if FORM == 1 || BAD == 0
#include <iostream>
#endif
#if FORM == 2 || BAD == 0
#include <fmt/format.h>
#include <fmt/ostream.h>
#endif
#if FORM == 3 || BAD == 0
#include <spdlog/spdlog.h>
#endif
#if FORM == 4 || BAD == 0
#include <nlohmann/json.hpp>
#endif

#include <lethe/mailbox/message.hpp>
#include <lethe/wire/messages.hpp>

#if BAD == 0
using Subject = int;
#elif BAD / 10 == 1
using Subject = lethe::mailbox::Payload;
#elif BAD / 10 == 2
using Subject = lethe::Address;
#elif BAD / 10 == 3
using Subject = lethe::MessageId;
#elif BAD / 10 == 4
using Subject = lethe::wire::InviteBytes;
#elif BAD / 10 == 5
using Subject = lethe::Nonce;
#elif BAD / 10 == 6
using Subject = lethe::Signature;
#elif BAD / 10 == 7
using Subject = lethe::InviteLabel;
#elif BAD / 10 == 8
using Subject = lethe::mailbox::SenderKey;
#endif

void use(const Subject& subject) {
#if FORM == 1 || BAD == 0
  std::cout << subject;
#endif
#if FORM == 2 || BAD == 0
  const std::string text = fmt::format("{}", subject);
#endif
#if FORM == 3 || BAD == 0
  spdlog::info("{}", subject);
#endif
#if FORM == 4 || BAD == 0
  const nlohmann::json json(subject);
#endif
}
