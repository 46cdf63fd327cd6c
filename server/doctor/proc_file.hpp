#pragma once
// Reading the small texts of /proc and /sys, below a root that tests choose.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lethe::doctor {

// The whole of it, at most 1 MiB; absent where it can't be read.
std::optional<std::string> read_text(const std::filesystem::path& path);
// Its first word, and that as a number; «max» is `unlimited`.
std::optional<std::string> read_word(const std::filesystem::path& path);
std::optional<std::uint64_t> read_number(const std::filesystem::path& path);

std::vector<std::string> lines_of(std::string_view text);
std::vector<std::string> words_of(std::string_view line);
std::optional<std::uint64_t> number_of(std::string_view word, int base = 10);
// Of the line «NAME: VALUE …» the first word of the value.
std::optional<std::string> value_of(std::string_view text, std::string_view name);

}  // namespace lethe::doctor
