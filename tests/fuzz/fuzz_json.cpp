// Texts of any bytes, in both sessions. nlohmann/json, given the whole text, says what it means: what it can't read must
// end the session, what it can must not, and the payload of a send must be the one that it finds.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "unit/wire/naive.hpp"
#include "wire/decoder.hpp"

#include "fuzz/stored.hpp"

namespace {

using namespace lethe;
using namespace lethe::wire;
using nlohmann::json;

void require(bool condition) {
  if (!condition) std::abort();
}

class Witness : public ClientMessages, public Decoder::Faults {
 public:
  explicit Witness(const json& meaning) : meaning_{meaning} {}

  void on(const Auth& auth) override {
    seen("auth");
    require(meaning_["device"] == naive::base64url(auth.device.bytes) &&
        meaning_["signature"] == naive::base64url(auth.signature.bytes));
  }
  void on(const Send& send) override {
    seen("send");
    require(!send.to.empty() && send.to.size() == meaning_["to"].size() && send.topic.size() <= 32);
    require(meaning_["id"] == naive::base64url(send.id.bytes));
    const PayloadWriter::Stored stored = fuzz::stored(send.payload);
    if (stored.outcome == PayloadWriter::Outcome::stored) {
      require(meaning_["payload"] == naive::base64url(fuzz::stored_bytes(send.payload)));
    } else {
      require(stored.outcome == PayloadWriter::Outcome::malformed);
    }
  }
  void on(const Ack& ack) override {
    seen("ack");
    require(ack.up_to == meaning_.value("up_to", json(0)) && ack.seqs == meaning_.value("seqs",
        json::array()).get<std::vector<Seq>>());
  }
  void on(const Recall& recall) override {
    seen("recall");
    require(meaning_["device"] == naive::base64url(recall.device.bytes));
  }
  void on(const MailboxChange&) override { seen("mailbox"); }
  void on(const Ping&) override { seen("ping"); }
  void on(const Fault& fault) override {
    ++items_;
    fatal_ = fault.fatal;
    require(!fault.detail.empty() && (!fault.fatal || fault.code == ErrorCode::malformed));
  }
  bool open() const override { return true; }

  bool fatal() const { return fatal_; }
  int items() const { return items_; }

 private:
  void seen(const char* type) {
    ++items_;
    require(meaning_.is_object() && meaning_.value("type", json{}) == type);
  }
  const json& meaning_;
  bool fatal_ = false;
  int items_ = 0;
};

unsigned depth_of(const json& value) {
  unsigned deepest = 0;
  if (!value.is_structured()) return 0;
  for (const json& inner : value) deepest = std::max(deepest, depth_of(inner));
  return deepest + 1;
}

// A payload that is no base64url is refused without a look at its escapes, so the two may differ on such a text.
bool odd_payload(const std::string& text) {
  return text.find("load") != std::string::npos && text.find('\\') != std::string::npos;
}

void decode(Encoding encoding, const std::string& text, const json& meaning) {
  static const Limits limits;
  static Decoder decoder{limits};
  std::string frame = text;
  Witness witness{meaning};
  decoder.decode(encoding, Frame::text, {reinterpret_cast<std::uint8_t*>(frame.data()), frame.size()}, witness, witness);
  require(witness.items() == 1);
  // Values that a repeated key hides have no depth here, but are nested all the same.
  const bool readable = meaning.is_object() && depth_of(meaning) <= limits.session.json_depth;
  const auto brackets = std::count(text.begin(), text.end(), '{') + std::count(text.begin(), text.end(), '[');
  const bool shallow = brackets <= limits.session.json_depth;
  if (odd_payload(text)) return;
  if (!readable) require(witness.fatal());
  if (readable && shallow) require(!witness.fatal());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text{bytes, bytes + size};
  // nlohmann/json takes a NUL outside a string for the end.
  const json meaning = text.find('\0') == std::string::npos ? json::parse(text, nullptr, false) : json(json::value_t::discarded);
  decode(Encoding::json, text, meaning);
  decode(Encoding::binary, text, meaning);
  return 0;
}
