#pragma once
// Typed fields of one JSON object. A field that is missing or of another kind gives a default and makes ok() false, so that
// a decoder checks once at its end.
#include <charconv>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <lethe/client/base64url.hpp>
#include <lethe/client/messages.hpp>

namespace lethe::client {

class JsonFields {
 public:
  // `object` must outlive it.
  explicit JsonFields(const nlohmann::json& object) : object_(object), ok_(object.is_object()) {}

  bool has(const char* name) const { return object_.is_object() && object_.contains(name) && !object_[name].is_null(); }

  std::string text(const char* name) {
    const auto* value = find(name);
    if (value != nullptr && value->is_string()) return value->get<std::string>();
    return fail(std::string());
  }
  std::uint64_t number(const char* name) {
    const auto* value = find(name);
    if (value != nullptr && value->is_number_unsigned()) return value->get<std::uint64_t>();
    return fail(std::uint64_t{0});
  }
  std::uint64_t number_or(const char* name, std::uint64_t otherwise) { return has(name) ? number(name) : otherwise; }
  bool flag(const char* name) {
    const auto* value = find(name);
    if (value != nullptr && value->is_boolean()) return value->get<bool>();
    return fail(false);
  }
  template <class Fixed>
  Fixed fixed(const char* name) {
    const auto value = fixed_from_base64url<Fixed>(text(name));
    return value ? *value : fail(Fixed{});
  }
  Bytes bytes(const char* name) {
    const auto* value = find(name);
    if (value == nullptr || !value->is_string()) return fail(Bytes{});
    auto decoded = from_base64url(value->get_ref<const std::string&>());
    return decoded ? std::move(*decoded) : fail(Bytes{});
  }
  // 16 hex digits.
  Epoch epoch(const char* name) {
    const auto digits = text(name);
    std::uint64_t value = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() != 16 || failure != std::errc{} || stop != end) return fail(Epoch{});
    return Epoch{value};
  }
  // Negative and fractional waits of a confused relay are no reason to hang up.
  std::optional<seconds> retry_after() const {
    if (!has("retry_after") || !object_["retry_after"].is_number_unsigned()) return std::nullopt;
    return seconds(std::min<std::uint64_t>(object_["retry_after"].get<std::uint64_t>(), 86'400));
  }
  // The object or array of that name; null where there is none.
  const nlohmann::json& nested(const char* name) {
    static const nlohmann::json none;
    const auto* value = find(name);
    return value != nullptr ? *value : none;
  }
  bool ok() const { return ok_; }

 private:
  const nlohmann::json* find(const char* name) const { return has(name) ? &object_[name] : nullptr; }
  template <class T>
  T fail(T value) {
    ok_ = false;
    return value;
  }

  const nlohmann::json& object_;
  bool ok_;
};

}  // namespace lethe::client
