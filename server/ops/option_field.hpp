#pragma once
// Makes the rows of the options table: from a field of Config to an Option with typed access to it. Everything here runs
// while compiling (the table is constexpr); a bound that its field can't hold doesn't compile.
#include <limits>
#include <type_traits>

#include "ops/option.hpp"

namespace lethe::ops::field {

template <class T>
Value read(const T& from) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<std::string>>) {
    return from;
  } else if constexpr (std::is_same_v<T, seconds>) {
    return static_cast<std::uint64_t>(from.count());
  } else if constexpr (std::is_same_v<T, Endpoint>) {
    return to_string(from);
  } else if constexpr (std::is_same_v<T, std::optional<Endpoint>>) {
    return from ? to_string(*from) : std::string{};
  } else {
    return static_cast<std::uint64_t>(from);   // a number or an enumeration
  }
}

template <class T>
void write(T& to, const Value& value) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<std::string>>) {
    to = std::get<T>(value);
  } else if constexpr (std::is_same_v<T, seconds>) {
    to = seconds{static_cast<seconds::rep>(std::get<std::uint64_t>(value))};
  } else if constexpr (std::is_same_v<T, Endpoint>) {
    to = parse_endpoint(std::get<std::string>(value)).value();
  } else if constexpr (std::is_same_v<T, std::optional<Endpoint>>) {
    to = parse_endpoint(std::get<std::string>(value));
  } else {
    to = static_cast<T>(std::get<std::uint64_t>(value));
  }
}

// `F` picks the field: [](auto& config) -> auto& { return config.…; }
template <class F>
using Type = std::remove_reference_t<std::invoke_result_t<F, Config&>>;

template <class F>
constexpr Option option(std::string_view name, F, Kind kind, std::uint64_t min, std::uint64_t max, std::string_view sentence) {
  using T = Type<F>;
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    if (max > std::numeric_limits<T>::max()) throw "the field can't hold the option's upper bound";
  }
  if (min > max) throw "the bounds are the wrong way round";
  return {.name = name,
          .kind = kind,
          .min = min,
          .max = max,
          .get = [](const Config& config) { return read(F{}(config)); },
          .set = [](Config& config, const Value& value) { write(F{}(config), value); },
          .sentence = sentence};
}

// Its value lives where a running relay can be given another one: Settings in base/renewal.hpp, Worker::adopt.
constexpr Option live(Option made) {
  made.reloads = true;
  return made;
}

template <class F>
constexpr Option flag(std::string_view name, F at, std::string_view sentence) {
  static_assert(std::is_same_v<Type<F>, bool>);
  return option(name, at, Kind::flag, 0, 1, sentence);
}

template <class F>
constexpr Option number(std::string_view name, F at, std::uint64_t min, std::uint64_t max, std::string_view sentence) {
  static_assert(std::is_unsigned_v<Type<F>>);
  return option(name, at, Kind::number, min, max, sentence);
}

template <class F>
constexpr Option size(std::string_view name, F at, std::uint64_t min, std::uint64_t max, std::string_view sentence) {
  static_assert(std::is_same_v<Type<F>, ByteCount>);
  return option(name, at, Kind::size, min, max, sentence);
}

template <class F>
constexpr Option duration(std::string_view name, F at, std::uint64_t min, std::uint64_t max, std::string_view sentence) {
  static_assert(std::is_same_v<Type<F>, seconds>);
  return option(name, at, Kind::duration, min, max, sentence);
}

// `choices` stand in the order of the enumeration.
template <class F>
constexpr Option choice(std::string_view name, F at, std::span<const std::string_view> choices, std::string_view sentence) {
  static_assert(std::is_enum_v<Type<F>>);
  Option made = option(name, at, Kind::choice, 0, choices.size() - 1, sentence);
  made.choices = choices;
  return made;
}

template <class F>
constexpr Option text(std::string_view name, F at, std::uint64_t max, Form form, std::string_view sentence) {
  static_assert(std::is_same_v<Type<F>, std::string>);
  Option made = option(name, at, Kind::text, 1, max, sentence);
  made.form = form;
  return made;
}

template <class F>
constexpr Option path(std::string_view name, F at, std::string_view sentence) {
  static_assert(std::is_same_v<Type<F>, std::string>);
  return option(name, at, Kind::path, 0, 4'095, sentence);
}

template <class F>
constexpr Option endpoint(std::string_view name, F at, std::string_view sentence) {
  constexpr bool may_be_off = std::is_same_v<Type<F>, std::optional<Endpoint>>;
  static_assert(may_be_off || std::is_same_v<Type<F>, Endpoint>);
  return option(name, at, Kind::endpoint, may_be_off ? 0 : 1, 65'535, sentence);
}

template <class F>
constexpr Option list(std::string_view name, F at, std::uint64_t max, Form form, std::string_view sentence) {
  static_assert(std::is_same_v<Type<F>, std::vector<std::string>>);
  Option made = option(name, at, Kind::list, 0, max, sentence);
  made.form = form;
  return made;
}

}  // namespace lethe::ops::field
