#include "doctor/proc_file.hpp"

#include <array>
#include <charconv>
#include <fstream>
#include <sstream>

#include "doctor/facts.hpp"

namespace lethe::doctor {

// In small parts: there are thousands of such files, and most have a line.
std::optional<std::string> read_text(const std::filesystem::path& path) {
  constexpr std::size_t longest = 1'048'576;
  std::ifstream file{path, std::ios::binary};
  if (!file) return std::nullopt;
  std::string text;
  for (std::array<char, 4'096> part; file && text.size() < longest;) {
    file.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return std::nullopt;
  return text;
}

std::optional<std::string> read_word(const std::filesystem::path& path) {
  const auto text = read_text(path);
  if (!text) return std::nullopt;
  const auto words = words_of(*text);
  return words.empty() ? std::string{} : words.front();
}

std::optional<std::uint64_t> read_number(const std::filesystem::path& path) {
  const auto word = read_word(path);
  return word ? number_of(*word) : std::nullopt;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string{text}};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::istringstream stream{std::string{line}};
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::optional<std::uint64_t> number_of(std::string_view word, int base) {
  if (word == "max" || word == "unlimited" || word == "infinity") return unlimited;
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), number, base);
  if (failure != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return number;
}

std::optional<std::string> value_of(std::string_view text, std::string_view name) {
  for (const std::string& line : lines_of(text)) {
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
    const auto words = words_of(std::string_view{line}.substr(name.size() + 1));
    return words.empty() ? std::string{} : words.front();
  }
  return std::nullopt;
}

}  // namespace lethe::doctor
